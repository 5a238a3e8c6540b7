-- name: complete_operations
-- Whoever waits for one of these hears of it when this commits.
WITH completed AS (
    UPDATE operation SET state = 'completed', completed_at = :now
     WHERE id = ANY (:ids::uuid[]) AND state = 'pending'
    RETURNING id
)
SELECT pg_notify('gateway_operation', id::text) FROM completed

-- name: complete_operations_and_items
-- As `complete_operations` and `end_items`, in one round trip: a clerk waits for it.
WITH completed AS (
    UPDATE operation SET state = 'completed', completed_at = :now
     WHERE id = ANY (:ids::uuid[]) AND state = 'pending'
    RETURNING id
), ended AS (
    UPDATE bulk_action_item SET state = 'succeeded', outcome = 'done', problem = NULL
     WHERE command_id = ANY (:ids::uuid[]) AND state = 'pending'
    RETURNING action_id
), counted AS (
    SELECT action_id, count(*) AS succeeded FROM ended GROUP BY action_id
), locked AS (
    SELECT id FROM bulk_action WHERE id IN (SELECT action_id FROM counted) ORDER BY id FOR UPDATE
), updated AS (
    UPDATE bulk_action
       SET succeeded = bulk_action.succeeded + counted.succeeded,
           state = CASE WHEN bulk_action.succeeded + bulk_action.failed + bulk_action.skipped + counted.succeeded
                             < bulk_action.total THEN bulk_action.state
                        WHEN bulk_action.state = 'cancelling' THEN 'cancelled' ELSE 'completed' END
      FROM counted
      JOIN locked ON locked.id = counted.action_id
     WHERE bulk_action.id = locked.id
)
SELECT pg_notify('gateway_operation', id::text) FROM completed

-- name: refuse_operations
WITH refused AS (
    UPDATE operation
       SET state = 'refused', completed_at = :now, problem = t.problem::jsonb
      FROM unnest(:ids::uuid[], :problems::text[]) AS t (id, problem)
     WHERE operation.id = t.id AND operation.state = 'pending'
    RETURNING operation.id
)
SELECT pg_notify('gateway_operation', id::text) FROM refused

-- name: claim_key$
-- True for the first with this key; a concurrent twin waits here until the first has committed.
INSERT INTO idempotency_key (caller, key, request_hash, operation_id, created_at)
VALUES (:caller, :key, :request_hash, :operation_id, :now)
ON CONFLICT (caller, key) DO NOTHING
RETURNING true

-- name: find_key^
SELECT request_hash, operation_id FROM idempotency_key WHERE caller = :caller AND key = :key

-- name: add_operation!
-- The command goes into the outbox in the same statement, under the operation's id.
WITH noted AS (
    INSERT INTO operation (id, kind, subject_id, operator_id, caller, state, problem, facts,
                           topic, key, type, payload, created_at, sent_at, completed_at)
    VALUES (:id, :kind, :subject_id, :operator_id, :caller, :state, :problem::jsonb, :facts::jsonb,
            :topic, :key, :type, :payload, :now::timestamptz, :now, CASE WHEN :state = 'pending' THEN NULL ELSE :now::timestamptz END)
)
INSERT INTO outbox (lane, topic, key, message_id, type, payload, traceparent, occurred_at)
SELECT 0, :topic, :key, :id, :type, :payload, :traceparent, :now
 WHERE :topic::text IS NOT NULL

-- name: find_operation^
SELECT id, kind, subject_id, operator_id, caller, state, problem, facts, created_at, completed_at
  FROM operation
 WHERE id = :id

-- name: send_again$
-- Once its last copy has left the outbox and a growing pause is over, a command goes out again under the same
-- id; the service that did it before answers it again. While the copy waits, the pause has not begun.
WITH overdue AS (
    SELECT id, EXISTS (SELECT FROM outbox WHERE message_id = operation.id) AS waits
      FROM operation
     WHERE state = 'pending' AND topic IS NOT NULL AND sends < :most_sends
       AND sent_at <= :now::timestamptz - pause_after(1) AND sent_at <= :now::timestamptz - pause_after(sends)
     ORDER BY sent_at LIMIT :limit
       FOR UPDATE SKIP LOCKED
), looked_at AS (
    UPDATE operation SET sent_at = :now, sends = sends + CASE WHEN waits THEN 0 ELSE 1 END
      FROM overdue WHERE operation.id = overdue.id
    RETURNING operation.id, topic, key, type, payload, waits
), said AS (
    INSERT INTO outbox (lane, topic, key, message_id, type, payload, occurred_at)
    SELECT 0, topic, key, id, type, payload, :now FROM looked_at WHERE NOT waits
)
SELECT count(*) FROM looked_at
