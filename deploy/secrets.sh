#!/bin/sh
# Prints a set of fresh secrets for compose.yaml: sh deploy/secrets.sh > .env
set -eu
secret() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
password() { secret 24 | tr '+/' '-_'; }

echo "POSTGRES_PASSWORD=$(password)"
echo "KAFKA_PASSWORD=$(password)"
echo "GATEWAY_SESSION_SECRET=$(password)"
for name in INVOICING PAYMENTS NOTIFICATIONS DOCUMENTS GATEWAY PROJECTOR; do
    echo "${name}_PASSWORD=$(password)"
    echo "${name}_KAFKA_PASSWORD=$(password)"
    echo "${name}_SEALING_KEY=$(secret 32)"
done
