-- name: send_chunks_again$
WITH overdue AS (
    SELECT message_id, EXISTS (SELECT FROM outbox WHERE outbox.message_id = chunk.message_id) AS waits
      FROM customer_import_chunk AS chunk
     WHERE created IS NULL AND payload IS NOT NULL AND sends < :most_sends
       AND sent_at <= :now::timestamptz - pause_after(1) AND sent_at <= :now::timestamptz - pause_after(sends)
     ORDER BY sent_at LIMIT :limit
       FOR UPDATE SKIP LOCKED
), looked_at AS (
    UPDATE customer_import_chunk AS chunk
       SET sent_at = :now, sends = sends + CASE WHEN waits THEN 0 ELSE 1 END
      FROM overdue WHERE chunk.message_id = overdue.message_id
    RETURNING chunk.message_id, topic, key, type, payload, waits
), said AS (
    INSERT INTO outbox (lane, topic, key, message_id, type, payload, occurred_at)
    SELECT 1, topic, key, message_id, type, payload, :now FROM looked_at WHERE NOT waits
)
SELECT count(*) FROM looked_at

-- name: add_import!
INSERT INTO customer_import (id, chunks, customer_ids, refused, warnings, created_at)
VALUES (:id, :chunks::integer, :customer_ids::uuid[], :refused::jsonb, :warnings::jsonb, :now)

-- name: add_import_chunks!
WITH chunk AS (
    INSERT INTO customer_import_chunk (import_id, message_id, topic, key, type, payload, sent_at)
    SELECT :import_id, message_id, :topic, :key, :type, payload, :now
      FROM unnest(:message_ids::uuid[], :payloads::text[]) AS t (message_id, payload)
    RETURNING message_id, topic, key, type, payload
)
INSERT INTO outbox (lane, topic, key, message_id, type, payload, occurred_at)
SELECT 1, topic, key, message_id, type, payload, :now FROM chunk ORDER BY message_id

-- name: find_import^
SELECT import.refused, import.warnings,
       (SELECT count(*) FROM customer WHERE customer.id = ANY (import.customer_ids)) AS visible,
       (SELECT coalesce(sum(created), 0) FROM customer_import_chunk WHERE import_id = import.id) AS created,
       (SELECT coalesce(sum(updated), 0) FROM customer_import_chunk WHERE import_id = import.id) AS updated,
       (SELECT coalesce(sum(unchanged), 0) FROM customer_import_chunk WHERE import_id = import.id) AS unchanged,
       (SELECT jsonb_agg(line)
          FROM customer_import_chunk, jsonb_array_elements(customer_import_chunk.refused) AS line
         WHERE import_id = import.id) AS refused_later,
       (SELECT count(*) FROM customer_import_chunk WHERE import_id = import.id AND created IS NULL) AS waiting
  FROM customer_import AS import
 WHERE id = :id
