-- name: hold^
-- One open row a partition and reader, however many replicas meet it; a place further on begins anew.
INSERT INTO partition_set_aside AS known (id, topic, partition, handler, "offset", next_offset, reason, attempts,
                                          first_seen)
VALUES (:id, :topic, :partition, :handler, :offset, :next_offset, :reason, 1, :now)
    ON CONFLICT (topic, partition, handler) WHERE closed_at IS NULL DO UPDATE
   SET "offset" = excluded."offset", next_offset = excluded.next_offset, reason = excluded.reason,
       attempts = known.attempts + 1,
       first_seen = CASE WHEN known."offset" = excluded."offset" THEN known.first_seen ELSE excluded.first_seen END,
       skip_to = CASE WHEN known.skip_to > excluded."offset" THEN known.skip_to END
RETURNING id, topic, partition, handler, "offset", next_offset, reason, attempts, first_seen, skip_to

-- name: open_partitions
SELECT id, topic, partition, handler, "offset", next_offset, reason, attempts, first_seen, skip_to
  FROM partition_set_aside
 WHERE closed_at IS NULL
 ORDER BY first_seen, id

-- name: step_over!
UPDATE partition_set_aside
   SET skip_to = :skip_to
 WHERE topic = :topic AND partition = :partition AND closed_at IS NULL

-- name: skipped_before$
-- Another replica may have stepped over the place and lost the partition before it committed that.
SELECT max(skip_to)
  FROM partition_set_aside
 WHERE topic = :topic AND partition = :partition AND handler = :handler
   AND "offset" = :offset AND skip_to IS NOT NULL AND closed_at > :since

-- name: close_partition!
UPDATE partition_set_aside
   SET closed_at = :now
 WHERE topic = :topic AND partition = :partition AND handler = :handler AND closed_at IS NULL
