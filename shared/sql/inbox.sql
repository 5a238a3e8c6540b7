-- name: recognise
INSERT INTO inbox (consumer, message_id, seen_at)
SELECT :consumer, seen.message_id, :now
  FROM (SELECT DISTINCT unnest(:ids::uuid[]) AS message_id) AS seen
 ORDER BY seen.message_id
    ON CONFLICT (consumer, message_id) DO NOTHING
RETURNING message_id

-- name: answer_again!
-- The same event under its own id, said now: the outbox tells its age by `occurred_at`.
INSERT INTO outbox (lane, topic, key, message_id, type, payload, causation_id, traceparent, occurred_at)
SELECT lane, topic, key, message_id, type, payload, command_id, traceparent, :now
  FROM command_end
 WHERE command_id = ANY (:command_ids::uuid[])
 ORDER BY said_at, command_id
