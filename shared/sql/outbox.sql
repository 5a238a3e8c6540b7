-- name: holds_bytes$
-- The size of a stored text is known without reading it. Of rows of a lane without end, those that go out next.
SELECT coalesce(sum(octet_length(waiting.payload)) FILTER (WHERE starts_with(waiting.topic, :topics)), 0) >= :bytes
       OR count(*) FILTER (WHERE starts_with(waiting.topic, :topics)) >= 10000
  FROM (SELECT topic, payload
          FROM outbox
         WHERE lane = :lane
         ORDER BY id
         LIMIT 10000) AS waiting

-- name: say!
INSERT INTO outbox (lane, topic, key, message_id, type, payload, causation_id, traceparent, occurred_at)
SELECT said.lane, said.topic, said.key, said.message_id, said.type, said.payload, said.causation_id,
       said.traceparent, :now
  FROM unnest(:lanes::smallint[], :topics::text[], :keys::text[], :ids::uuid[], :types::text[],
              :payloads::text[], :causes::uuid[], :traceparents::text[])
       WITH ORDINALITY
       AS said (lane, topic, key, message_id, type, payload, causation_id, traceparent, place)
 ORDER BY said.place

-- name: waiting
-- The scan goes on from the last id: rows of slow transactions, committed behind it, are found by a
-- scan from the start once a second.
-- By bytes as well as by rows, a row at least; the size of a stored text is known without reading it.
-- Rows of topics known to be missing are not counted: they may not starve what waits behind them.
WITH next AS (
  SELECT id, topic, key, message_id, type, payload, causation_id, traceparent, occurred_at,
         sum(octet_length(payload)) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) - octet_length(payload)
           AS bytes_before
    FROM outbox
   WHERE lane = :lane AND id > :after AND topic <> ALL(:missing::text[])
   ORDER BY id
   LIMIT :most
)
SELECT id, topic, key, message_id, type, payload, causation_id, traceparent, occurred_at
  FROM next
 WHERE bytes_before < :most_bytes
 ORDER BY id

-- name: forget_sent!
-- Nobody waits for the disk: a row that a crash of the server brings back is sent again and recognised. In this
-- transaction only, as the setting of a session might be handed on by a pooler.
DELETE FROM outbox
 WHERE lane = :lane AND id = ANY(:ids::bigint[])
   AND (SELECT set_config('synchronous_commit', 'off', TRUE)) = 'off'

-- name: take_lease$
-- Real time on purpose: a lease is about processes, not about billing.
INSERT INTO relay_lease AS lease (name, holder, expires_at)
VALUES (:name, :holder, clock_timestamp() + interval '10 seconds')
    ON CONFLICT (name) DO UPDATE
   SET holder = excluded.holder, expires_at = excluded.expires_at
 WHERE lease.holder = excluded.holder OR lease.expires_at < clock_timestamp()
RETURNING TRUE

-- name: release_lease!
DELETE FROM relay_lease
 WHERE name = :name AND holder = :holder
