#!/bin/sh
# Prints a set of fresh secrets for compose.yaml: sh deploy/secrets.sh > .env
set -eu
secret() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
password() { secret 24 | tr '+/' '-_'; }
# X25519 in DER ends with the 32 bytes of the key, private or public.
last_32() { tail -c 32 | base64 | tr -d '\n'; }
sealing_keys() {
    pair=$(openssl genpkey -algorithm X25519)
    echo "$1_SEALING_KEY=$(echo "$pair" | openssl pkey -outform DER | last_32)"
    echo "$1_SEALING_PUBLIC_KEY=$(echo "$pair" | openssl pkey -pubout -outform DER | last_32)"
}

echo "POSTGRES_PASSWORD=$(password)"
echo "KAFKA_PASSWORD=$(password)"
echo "GRAFANA_PASSWORD=$(password)"
echo "GATEWAY_SESSION_SECRET=$(password)"
echo "LINK_KEY=$(password)"
echo "AUDITOR_PASSWORD=$(password)"
for name in INVOICING PAYMENTS NOTIFICATIONS DOCUMENTS GATEWAY PROJECTOR; do
    echo "${name}_PASSWORD=$(password)"
    echo "${name}_KAFKA_PASSWORD=$(password)"
done
for name in PAYMENTS NOTIFICATIONS; do sealing_keys "$name"; done
