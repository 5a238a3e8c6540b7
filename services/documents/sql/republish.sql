-- name: start_republish!
INSERT INTO republish (command_id, envelope, last_outbox_id)
VALUES (:command_id, :envelope, coalesce((SELECT max(id) FROM outbox), 0))
    ON CONFLICT (command_id) DO NOTHING

-- name: end_republishes
-- Those whose messages have all left the outbox, which has no index by id alone.
DELETE FROM republish
 WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE lane = 0 AND id <= republish.last_outbox_id)
   AND NOT EXISTS (SELECT 1 FROM outbox WHERE lane = 1 AND id <= republish.last_outbox_id)
RETURNING command_id, envelope
