-- name: outbox_of_lanes
-- The oldest row by the key, for a scan of a million rows each quarter of a minute would be a load of its own;
-- the count stops where nobody needs it more exactly.
SELECT lanes.lane,
       (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE outbox.lane = lanes.lane LIMIT 100000) AS counted) AS waiting,
       (SELECT oldest.occurred_at FROM outbox AS oldest WHERE oldest.lane = lanes.lane ORDER BY oldest.id LIMIT 1)
         AS oldest
  FROM unnest(:lanes::smallint[]) AS lanes (lane)

-- name: open_letters_by_handler
SELECT handler, count(*) AS letters
  FROM dead_letter
 WHERE closed_at IS NULL
 GROUP BY handler
