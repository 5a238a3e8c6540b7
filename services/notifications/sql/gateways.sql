-- name: lock_gateway!
-- Two changes of one gateway happen one after another, also before there is a row to lock.
SELECT pg_advisory_xact_lock(hashtextextended('sms_gateway ' || :gateway_id::uuid::text, 0))

-- name: gateway^
SELECT gateway_id, operator_id, provider, priority, enabled, base_url, settings, sealed, secret_sealed_at,
       sending_from, sending_until, per_minute, cost_per_segment_minor, removed, changed_by, changed_at, version
  FROM sms_gateway
 WHERE gateway_id = :gateway_id

-- name: save_gateway!
INSERT INTO sms_gateway (gateway_id, operator_id, provider, priority, enabled, base_url, settings, sealed,
                         secret_sealed_at, sending_from, sending_until, per_minute, cost_per_segment_minor, removed,
                         changed_by, changed_at, version)
VALUES (:gateway_id, :operator_id, :provider, :priority, :enabled, :base_url, :settings, :sealed,
        :secret_sealed_at, :sending_from, :sending_until, :per_minute, :cost_per_segment_minor, :removed,
        :changed_by, :changed_at, :version)
    ON CONFLICT (gateway_id) DO UPDATE
   SET priority = excluded.priority, enabled = excluded.enabled, base_url = excluded.base_url,
       settings = excluded.settings, sealed = excluded.sealed, secret_sealed_at = excluded.secret_sealed_at,
       sending_from = excluded.sending_from, sending_until = excluded.sending_until,
       per_minute = excluded.per_minute, cost_per_segment_minor = excluded.cost_per_segment_minor,
       removed = excluded.removed, changed_by = excluded.changed_by, changed_at = excluded.changed_at,
       version = excluded.version

-- name: share_routes!
-- Whoever puts a message on its way sees the gateways of before a change or of after it, and so does the change
-- see the message: none is left waiting at a gateway that is closed.
SELECT pg_advisory_xact_lock_shared(hashtextextended('sms routes', 0))

-- name: change_routes!
SELECT pg_advisory_xact_lock(hashtextextended('sms routes', 0))

-- name: routes
-- The gateways that a message of each operator may take: those of the nearest operator above it that has any.
SELECT leaf.operator_id, route.gateway_id
  FROM operator AS leaf
  JOIN LATERAL (
       SELECT step.operator_id
         FROM unnest(leaf.path) WITH ORDINALITY AS step (operator_id, place)
        WHERE EXISTS (SELECT FROM sms_gateway AS own
                       WHERE own.operator_id = step.operator_id AND own.enabled AND NOT own.removed)
        ORDER BY step.place DESC
        LIMIT 1) AS nearest ON TRUE
  JOIN sms_gateway AS route ON route.operator_id = nearest.operator_id AND route.enabled AND NOT route.removed
 WHERE leaf.operator_id = ANY (:operator_ids::uuid[])
 ORDER BY leaf.operator_id, route.priority, route.gateway_id

-- name: gateways_with_work
-- Tests travel in a lane below the others and heed no hours.
SELECT gateway.gateway_id, gateway.operator_id, gateway.provider, gateway.base_url, gateway.settings,
       gateway.sealed, gateway.sending_from, gateway.sending_until, gateway.per_minute,
       gateway.cost_per_segment_minor
  FROM sms_gateway AS gateway
 WHERE NOT gateway.removed
   AND EXISTS (SELECT FROM message
                WHERE message.state = 'queued' AND message.gateway_id = gateway.gateway_id
                  AND message.not_before <= clock_timestamp())
 ORDER BY gateway.gateway_id

-- name: pace_of$
-- Held until the claim is committed: replicas share one minute.
INSERT INTO gateway_pace AS pace (gateway_id, minute, used)
VALUES (:gateway_id, date_trunc('minute', clock_timestamp()), 0)
    ON CONFLICT (gateway_id) DO UPDATE
   SET used = CASE WHEN pace.minute = excluded.minute THEN pace.used ELSE 0 END, minute = excluded.minute
RETURNING used

-- name: keep_pace!
UPDATE gateway_pace
   SET used = used + :used
 WHERE gateway_id = :gateway_id
