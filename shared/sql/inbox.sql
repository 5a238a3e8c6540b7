-- name: recognise
INSERT INTO inbox (consumer, message_id, seen_at)
SELECT :consumer, seen.message_id, :now
  FROM (SELECT DISTINCT unnest(:ids::uuid[]) AS message_id) AS seen
 ORDER BY seen.message_id
    ON CONFLICT (consumer, message_id) DO NOTHING
RETURNING message_id

-- name: forget_old_messages!
-- Longer than any topic keeps a record: what is forgotten here cannot be delivered again.
DELETE FROM inbox
 WHERE seen_at < :before
