{{- /* What each process may know of the Secret: its variable on the left, the Secret's key on the right. */ -}}
{{- define "ispbills.secrets" -}}
invoicing:
  INVOICING_DATABASE_URL: INVOICING_DATABASE_URL
  KAFKA_PASSWORD: INVOICING_KAFKA_PASSWORD
payments:
  PAYMENTS_DATABASE_URL: PAYMENTS_DATABASE_URL
  KAFKA_PASSWORD: PAYMENTS_KAFKA_PASSWORD
  PAYMENTS_SEALING_KEY: PAYMENTS_SEALING_KEY
  PAYMENTS_LINK_KEY: LINK_KEY
  PAYMENTS_NOTIFICATIONS_SEALING_PUBLIC_KEY: NOTIFICATIONS_SEALING_PUBLIC_KEY
notifications:
  NOTIFICATIONS_DATABASE_URL: NOTIFICATIONS_DATABASE_URL
  KAFKA_PASSWORD: NOTIFICATIONS_KAFKA_PASSWORD
  NOTIFICATIONS_SEALING_KEY: NOTIFICATIONS_SEALING_KEY
documents:
  DOCUMENTS_DATABASE_URL: DOCUMENTS_DATABASE_URL
  KAFKA_PASSWORD: DOCUMENTS_KAFKA_PASSWORD
{{- include "ispbills.keysOfBlobs" .root }}
gateway:
  GATEWAY_DATABASE_URL: GATEWAY_DATABASE_URL
  KAFKA_PASSWORD: GATEWAY_KAFKA_PASSWORD
  GATEWAY_SESSION_SECRET: GATEWAY_SESSION_SECRET
  GATEWAY_LINK_KEY: LINK_KEY
  GATEWAY_PAYMENTS_SEALING_PUBLIC_KEY: PAYMENTS_SEALING_PUBLIC_KEY
  GATEWAY_NOTIFICATIONS_SEALING_PUBLIC_KEY: NOTIFICATIONS_SEALING_PUBLIC_KEY
{{- include "ispbills.keysOfBlobs" .root }}
projector:
  PROJECTOR_DATABASE_URL: PROJECTOR_DATABASE_URL
  PROJECTOR_AUDIT_DATABASE_URL: PROJECTOR_AUDIT_DATABASE_URL
  KAFKA_PASSWORD: PROJECTOR_KAFKA_PASSWORD
migrate:
  DATABASE_URL: DATABASE_URL
  PROJECTOR_AUDIT_DATABASE_URL: PROJECTOR_AUDIT_DATABASE_URL
  KAFKA_PASSWORD: KAFKA_PASSWORD
{{- range $name := list "INVOICING" "PAYMENTS" "NOTIFICATIONS" "DOCUMENTS" "GATEWAY" "PROJECTOR" }}
  {{ $name }}_DATABASE_URL: {{ $name }}_DATABASE_URL
  {{ $name }}_KAFKA_PASSWORD: {{ $name }}_KAFKA_PASSWORD
{{- end }}
{{- range $name := list "INVOICING" "PAYMENTS" "NOTIFICATIONS" "DOCUMENTS" "GATEWAY" }}
  {{ $name }}_OWNER_DATABASE_URL: {{ $name }}_OWNER_DATABASE_URL
  {{ $name }}_AUDIT_DATABASE_URL: {{ $name }}_AUDIT_DATABASE_URL
{{- end }}
{{- end }}

{{- /* Of whoever keeps files, where they are in S3 and the Secret has the keys. */ -}}
{{- define "ispbills.keysOfBlobs" -}}
{{- if and .Values.blobs.url .Values.blobs.keysInSecret }}
  AWS_ACCESS_KEY_ID: AWS_ACCESS_KEY_ID
  AWS_SECRET_ACCESS_KEY: AWS_SECRET_ACCESS_KEY
{{- end }}
{{- end }}

{{- define "ispbills.labels" -}}
app.kubernetes.io/name: ispbills
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "ispbills.public" -}}
{{- if has . (list "gateway" "payments" "notifications") }}yes{{ end }}
{{- end }}

{{- define "ispbills.keepsFiles" -}}
{{- if has . (list "gateway" "documents") }}yes{{ end }}
{{- end }}

{{- /* The way out to S3: as told, else what the endpoint's address says. A policy knows ports of pods and no names:
of a service in the cluster that is its namespace, of another name only the port. */ -}}
{{- define "ispbills.wayToBlobs" -}}
{{- $policy := .Values.networkPolicies.blobs }}
{{- $address := urlParse (.Values.blobs.s3Endpoint | default "https://") }}
{{- $host := $address.hostname }}
{{- $port := regexFind ":[0-9]+$" $address.host | trimPrefix ":" | default (ternary "80" "443" (eq $address.scheme "http")) }}
- ports: [{{ range $n, $each := $policy.ports | default (list $port) }}{{ if $n }}, {{ end }}{port: {{ $each }}}{{ end }}]
{{- if $policy.to }}
  to: {{- toYaml $policy.to | nindent 4 }}
{{- else if not $host }}
  to: {{- include "ispbills.internet" . | nindent 4 }}
{{- else if regexMatch "^[0-9.]+$" $host }}
  to: [{ipBlock: {cidr: {{ $host }}/32}}]
{{- else if contains ":" $host }}
  to: [{ipBlock: {cidr: "{{ $host }}/128"}}]
{{- else if regexMatch "^[^.]+[.][^.]+[.]svc([.]|$)" $host }}
  to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{ index (splitList "." $host) 1 | quote }}}}}]
{{- else if not (contains "." $host) }}
  to: [{podSelector: {}}]
{{- end }}
{{- end }}

{{- /* Never a neighbour. */ -}}
{{- define "ispbills.internet" -}}
- ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16]}
{{- end }}

{{- define "ispbills.environment" -}}
{{- $values := .root.Values }}
{{- $prefix := upper .name }}
- {name: ISPBILLS_ENVIRONMENT, value: {{ $values.environment | quote }}}
- {name: ISPBILLS_LOG_LEVEL, value: {{ $values.logLevel | quote }}}
{{- with $values.tracesEndpoint }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }}}
{{- end }}
- {name: KAFKA_BOOTSTRAP_SERVERS, value: {{ required "kafka.bootstrapServers" $values.kafka.bootstrapServers | quote }}}
- {name: KAFKA_SECURITY_PROTOCOL, value: {{ $values.kafka.securityProtocol | quote }}}
{{- if or (eq .name "migrate") (eq .name "payments") }}
- {name: KAFKA_REPLICATION_FACTOR, value: {{ $values.kafka.replicationFactor | quote }}}
{{- end }}
{{- if eq .name "migrate" }}
- {name: KAFKA_SASL_MECHANISM, value: {{ $values.kafka.adminSaslMechanism | quote }}}
{{- if hasPrefix "SASL" $values.kafka.securityProtocol }}
- {name: KAFKA_USERNAME, value: {{ $values.kafka.adminUsername | quote }}}
{{- end }}
- {name: KAFKA_PARTNER_BOOTSTRAP_SERVERS, value: {{ $values.kafka.partnerBootstrapServers | quote }}}
- {name: KAFKA_PARTNER_SECURITY_PROTOCOL, value: {{ $values.kafka.partnerSecurityProtocol | quote }}}
{{- range $name := list "INVOICING" "PAYMENTS" "NOTIFICATIONS" "DOCUMENTS" "GATEWAY" "PROJECTOR" }}
- {name: {{ $name }}_KAFKA_SASL_MECHANISM, value: {{ $values.kafka.saslMechanism | quote }}}
{{- end }}
{{- else }}
- {name: KAFKA_SASL_MECHANISM, value: {{ $values.kafka.saslMechanism | quote }}}
{{- if hasPrefix "SASL" $values.kafka.securityProtocol }}
- {name: KAFKA_USERNAME, value: {{ .name | quote }}}
{{- end }}
{{- end }}
{{- if and $values.postgres.pooled (ne .name "migrate") }}
{{- $direct := printf "%s_DATABASE_DIRECT_URL" $prefix }}
- {name: {{ $direct }}, valueFrom: {secretKeyRef: {name: {{ $values.secretName }}, key: {{ $direct }}}}}
{{- end }}
{{- if $values.kafka.caConfigMap }}
- {name: KAFKA_CA_FILE, value: /etc/ispbills/kafka/ca.crt}
{{- end }}
{{- if include "ispbills.public" .name }}
- {name: {{ $prefix }}_METRICS_PORT, value: "9090"}
- {name: {{ $prefix }}_PUBLIC_URL, value: {{ index $values.publicUrls .name | quote }}}
{{- end }}
{{- if eq .name "payments" }}
- {name: PAYMENTS_GATEWAY_PUBLIC_URL, value: {{ required "publicUrls.gateway" $values.publicUrls.gateway | quote }}}
{{- end }}
{{- if eq .name "gateway" }}
- {name: GATEWAY_PAYMENTS_PUBLIC_URL, value: {{ required "publicUrls.payments" $values.publicUrls.payments | quote }}}
- {name: GATEWAY_TRUSTED_PROXIES, value: {{ $values.trustedProxies | quote }}}
- {name: GATEWAY_PUBLISH_SCHEMA, value: {{ $values.publishSchema | quote }}}
{{- end }}
{{- if and (include "ispbills.keepsFiles" .name) $values.blobs.url }}
- {name: {{ $prefix }}_BLOB_URL, value: {{ $values.blobs.url | quote }}}
- {name: {{ $prefix }}_BLOB_S3_ENDPOINT, value: {{ $values.blobs.s3Endpoint | quote }}}
{{- with $values.blobs.region }}
- {name: AWS_REGION, value: {{ . | quote }}}
{{- end }}
{{- end }}
{{- with index $values.processes .name }}
{{- range $name, $value := .settings }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}
{{- range $variable, $key := index (include "ispbills.secrets" . | fromYaml) .name }}
{{- if or (ne $variable "KAFKA_PASSWORD") (hasPrefix "SASL" $values.kafka.securityProtocol) }}
{{- /* Whoever does not let the desk audit leaves that key out, and who has one database the owners' of others. */}}
- {name: {{ $variable }}, valueFrom: {secretKeyRef: {name: {{ $values.secretName }}, key: {{ $key }}{{ if regexMatch "_(OWNER|AUDIT)_DATABASE_URL$" $key }}, optional: true{{ end }}}}}
{{- end }}
{{- end }}
{{- end }}

{{- define "ispbills.pod" -}}
{{- $values := .root.Values }}
automountServiceAccountToken: false
{{- if and (include "ispbills.keepsFiles" .name) $values.blobs.serviceAccountName }}
serviceAccountName: {{ $values.blobs.serviceAccountName }}
{{- end }}
{{- with $values.image.pullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
volumes:
  # The root is read-only; what a process writes for a moment (an upload, a rendering) goes here.
  - {name: tmp, emptyDir: {sizeLimit: 2Gi}}
{{- if include "ispbills.keepsFiles" .name }}
{{- if $values.blobs.url }}
  - {name: blobs, emptyDir: {}}
{{- else }}
  - {name: blobs, persistentVolumeClaim: {claimName: {{ .root.Release.Name }}-blobs}}
{{- end }}
{{- end }}
{{- if .backups }}
  - {name: backups, persistentVolumeClaim: {claimName: {{ $values.backup.volume.claimName | default (printf "%s-backups" .root.Release.Name) }}}}
{{- end }}
{{- with $values.kafka.caConfigMap }}
  - {name: kafka-ca, configMap: {name: {{ . }}}}
{{- end }}
{{- with $values.postgres.caConfigMap }}
  - {name: postgres-ca, configMap: {name: {{ . }}}}
{{- end }}
{{- end }}

{{- define "ispbills.container" -}}
{{- $values := .root.Values }}
name: {{ .name }}
image: {{ $values.image.registry }}/{{ .name }}:{{ $values.image.tag | default .root.Chart.AppVersion }}
imagePullPolicy: {{ $values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
{{- if include "ispbills.keepsFiles" .name }}
  - {name: blobs, mountPath: /var/lib/ispbills/blobs}
{{- end }}
{{- if .backups }}
  - {name: backups, mountPath: /backups}
{{- end }}
{{- if $values.kafka.caConfigMap }}
  - {name: kafka-ca, mountPath: /etc/ispbills/kafka, readOnly: true}
{{- end }}
{{- if $values.postgres.caConfigMap }}
  - {name: postgres-ca, mountPath: /etc/ispbills/postgres, readOnly: true}
{{- end }}
env:
{{- include "ispbills.environment" . | nindent 2 }}
{{- end }}
