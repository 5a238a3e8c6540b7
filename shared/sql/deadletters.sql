-- name: park!
INSERT INTO dead_letter (id, topic, partition, "offset", recorded_at_ms, handler, reason, attempts, key, value,
                         headers, first_seen)
VALUES (:id, :topic, :partition, :offset, :recorded_at_ms, :handler, :reason, 1, :key, :value,
        :headers::jsonb, :now)
    ON CONFLICT (topic, partition, "offset", recorded_at_ms, handler) DO UPDATE
   SET attempts = dead_letter.attempts + 1, reason = excluded.reason

-- name: open_letters
SELECT id, topic, partition, "offset", handler, reason, attempts, first_seen
  FROM dead_letter
 WHERE closed_at IS NULL
 ORDER BY first_seen, id

-- name: letter^
SELECT id, topic, partition, "offset", handler, reason, attempts, key, value, headers, first_seen,
       closed_at, outcome, recorded_at_ms
  FROM dead_letter
 WHERE id = :id

-- name: close_letter$
UPDATE dead_letter
   SET closed_at = :now, outcome = :outcome
 WHERE id = :id AND closed_at IS NULL
RETURNING TRUE

-- name: note_try!
UPDATE dead_letter
   SET attempts = attempts + 1, reason = :reason
 WHERE id = :id AND closed_at IS NULL

-- name: letters_to_say
-- In the state of now, each state once; open ones by how often they were tried, closed ones after that.
UPDATE dead_letter
   SET said = attempts * 2 + (closed_at IS NOT NULL)::integer
 WHERE id = ANY (ARRAY(
       SELECT id
         FROM dead_letter
        WHERE said <> attempts * 2 + (closed_at IS NOT NULL)::integer
        ORDER BY first_seen
        LIMIT :most
          FOR UPDATE SKIP LOCKED))
RETURNING id, topic, partition, "offset", handler, reason, attempts, headers, first_seen, closed_at, outcome, said
