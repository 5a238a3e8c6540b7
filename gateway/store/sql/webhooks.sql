-- name: webhook_endpoints
SELECT id, operator_id, url, description, types, enabled, disabled_reason, failing_since, previous_until, created_at
  FROM webhook_endpoint
 WHERE :after::uuid IS NULL OR id > :after
 ORDER BY id
 LIMIT :limit

-- name: webhook_endpoint_by_id^
SELECT id, operator_id, url, description, types, enabled, disabled_reason, failing_since, sealed, previous_sealed,
       previous_until, created_at
  FROM webhook_endpoint
 WHERE id = :id

-- name: add_webhook_endpoint!
INSERT INTO webhook_endpoint (id, operator_id, url, description, types, sealed, created_at)
VALUES (:id, :operator_id, :url, :description, :types::text[], :sealed, :now)

-- name: change_webhook_endpoint!
-- Switched on again, it begins anew: what made it fail was mended.
UPDATE webhook_endpoint
   SET url = :url, description = :description, types = :types::text[], enabled = :enabled,
       disabled_reason = CASE WHEN :enabled THEN NULL WHEN enabled THEN 'switched-off' ELSE disabled_reason END,
       failing_since = CASE WHEN :enabled AND NOT enabled THEN NULL ELSE failing_since END
 WHERE id = :id

-- name: rotate_webhook_secret!
UPDATE webhook_endpoint
   SET previous_sealed = sealed, previous_until = :until, sealed = :sealed
 WHERE id = :id

-- name: remove_webhook_endpoint!
DELETE FROM webhook_endpoint
 WHERE id = :id

-- name: webhook_messages
SELECT message.id, message.type, message.subject_id, message.occurred_at, message.state, message.tries,
       message.not_before, message.status, message.detail, message.ended_at
  FROM webhook_message AS message
 WHERE message.endpoint_id = :endpoint_id
   AND (:state::text IS NULL OR message.state = :state)
   AND (:after::uuid IS NULL OR message.id < :after)
 ORDER BY message.id DESC
 LIMIT :limit

-- name: webhook_message_by_id^
SELECT id, endpoint_id, type, subject_id, occurred_at, body, state, tries, not_before, status, detail, ended_at
  FROM webhook_message
 WHERE id = :id AND endpoint_id = :endpoint_id

-- name: webhook_attempts
SELECT number, began_at, ended_at, status, detail
  FROM webhook_attempt
 WHERE message_id = :message_id
 ORDER BY number

-- name: add_webhook_test!
INSERT INTO webhook_message (id, endpoint_id, event_id, type, subject_id, occurred_at, not_before, traceparent)
VALUES (:id, :endpoint_id, :id, :type, :endpoint_id, :now, :now, :traceparent)

-- name: queue_webhook_again$
-- What is on its way now is left to it. It belongs to who asks for it now.
UPDATE webhook_message
   SET state = 'queued', not_before = :now, ended_at = NULL, traceparent = :traceparent
 WHERE id = :id AND endpoint_id = :endpoint_id AND holder IS NULL
RETURNING id

-- name: claim_webhooks
-- By endpoint, so that one that answers slowly holds up nobody else's. A lease that ran out is its holder's end.
WITH due AS (
    SELECT message.id
      FROM webhook_endpoint AS endpoint
     CROSS JOIN LATERAL (
           SELECT webhook_message.id
             FROM webhook_message
            WHERE webhook_message.endpoint_id = endpoint.id
              AND webhook_message.state = 'queued'
              AND webhook_message.not_before <= :now
              AND (webhook_message.holder IS NULL OR webhook_message.lease_until < clock_timestamp())
            ORDER BY webhook_message.not_before, webhook_message.id
            LIMIT :each
              FOR UPDATE SKIP LOCKED) AS message
     WHERE endpoint.enabled AND endpoint.id <> ALL (:busy::uuid[])
     LIMIT :room
)
UPDATE webhook_message
   SET holder = :holder, tries = webhook_message.tries + 1,
       lease_until = clock_timestamp() + make_interval(secs => :lease_seconds)
  FROM due
 WHERE webhook_message.id = due.id
RETURNING webhook_message.id, webhook_message.endpoint_id, webhook_message.type, webhook_message.subject_id,
          webhook_message.occurred_at, webhook_message.body, webhook_message.tries, webhook_message.traceparent

-- name: begin_webhook_attempts!
INSERT INTO webhook_attempt (message_id, number, began_at)
SELECT message_id, number, :now::timestamptz
  FROM unnest(:message_ids::uuid[], :numbers::integer[]) AS t (message_id, number)
    ON CONFLICT DO NOTHING

-- name: keep_webhook_body!
UPDATE webhook_message
   SET body = :body
 WHERE id = :id

-- name: end_webhook_attempt!
UPDATE webhook_attempt
   SET ended_at = :now, status = :status, detail = :detail
 WHERE message_id = :message_id AND number = :number

-- name: end_webhook_try$
-- Only by who holds it: a holder that woke after its lease changes nothing.
UPDATE webhook_message
   SET state = :state, holder = NULL, lease_until = NULL, status = :status, detail = :detail,
       not_before = coalesce(:not_before::timestamptz, not_before),
       ended_at = CASE WHEN :state = 'queued' THEN NULL ELSE :now::timestamptz END
 WHERE id = :id AND holder = :holder AND tries = :number
RETURNING id

-- name: note_webhook_answered!
UPDATE webhook_endpoint
   SET failing_since = NULL
 WHERE id = :id AND failing_since IS NOT NULL

-- name: note_webhook_failing^
UPDATE webhook_endpoint
   SET failing_since = coalesce(failing_since, :now)
 WHERE id = :id
RETURNING id, operator_id, url, enabled, failing_since

-- name: disable_webhook$
UPDATE webhook_endpoint
   SET enabled = FALSE, disabled_reason = :reason
 WHERE id = :id AND enabled
RETURNING id
