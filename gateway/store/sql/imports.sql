-- name: send_chunks_again$
WITH overdue AS (
    SELECT message_id, EXISTS (SELECT FROM outbox WHERE outbox.message_id = chunk.message_id) AS in_outbox
      FROM customer_import_chunk AS chunk
     WHERE created IS NULL AND NOT waits AND payload IS NOT NULL AND sends < :most_sends
       AND sent_at <= :now::timestamptz - pause_after(1) AND sent_at <= :now::timestamptz - pause_after(sends)
     ORDER BY sent_at LIMIT :limit
       FOR UPDATE SKIP LOCKED
), looked_at AS (
    UPDATE customer_import_chunk AS chunk
       SET sent_at = :now, sends = sends + CASE WHEN overdue.in_outbox THEN 0 ELSE 1 END
      FROM overdue WHERE chunk.message_id = overdue.message_id
    RETURNING chunk.message_id, topic, key, type, payload, overdue.in_outbox
), said AS (
    INSERT INTO outbox (lane, topic, key, message_id, type, payload, occurred_at)
    SELECT 1, topic, key, message_id, type, payload, :now FROM looked_at WHERE NOT in_outbox
)
SELECT count(*) FROM looked_at

-- name: add_import!
INSERT INTO customer_import (id, chunks, customer_ids, refused, warnings, read, file_id, file_name, options, undoes,
                             created_at)
VALUES (:id, :chunks::integer, :customer_ids::uuid[], :refused::jsonb, :warnings::jsonb, :read::bigint, :file_id,
        :file_name, :options::jsonb, :undoes, :now)

-- name: add_import_chunks!
INSERT INTO customer_import_chunk (import_id, message_id, topic, key, type, payload, sent_at, waits)
SELECT :import_id, message_id, :topic, :key, :type, payload, :now, true
  FROM unnest(:message_ids::uuid[], :payloads::text[]) AS t (message_id, payload)

-- name: send_waiting_chunks$
-- Of each import that has chunks waiting, as many as may travel at a time.
WITH due AS (
    SELECT waiting.message_id
      FROM (SELECT DISTINCT import_id FROM customer_import_chunk WHERE waits) AS import
     CROSS JOIN LATERAL (
           SELECT count(*) AS travelling FROM customer_import_chunk AS sent
            WHERE sent.import_id = import.import_id AND NOT sent.waits AND sent.created IS NULL) AS road
     CROSS JOIN LATERAL (
           SELECT chunk.message_id FROM customer_import_chunk AS chunk
            WHERE chunk.import_id = import.import_id AND chunk.waits
            ORDER BY chunk.message_id LIMIT greatest(:at_once::bigint - road.travelling, 0)
              FOR UPDATE SKIP LOCKED) AS waiting
), sent AS (
    UPDATE customer_import_chunk AS chunk SET waits = false, sent_at = :now
      FROM due WHERE chunk.message_id = due.message_id AND chunk.waits
    RETURNING chunk.message_id, topic, key, type, payload
), said AS (
    INSERT INTO outbox (lane, topic, key, message_id, type, payload, occurred_at)
    SELECT 1, topic, key, message_id, type, payload, :now FROM sent ORDER BY message_id
)
SELECT count(*) FROM sent

-- name: lock_import^
SELECT id, undoes, cancelled_at FROM customer_import WHERE id = :id FOR UPDATE

-- name: cancel_waiting_chunks$
-- What was not sent is not sent, and its lines are told as refused, so that every line is accounted for.
WITH cancelled AS (
    UPDATE customer_import_chunk AS chunk
       SET waits = false, created = 0, updated = 0, unchanged = 0, closed = 0,
           refused = (SELECT coalesce(jsonb_agg(jsonb_build_object(
                               'line', line -> 'line', 'code', line -> 'code', 'reason', :detail::text,
                               'reasons', jsonb_build_array(jsonb_build_object(
                                 'field', '', 'detail', :detail::text, 'code', 'Cancelled', 'text', '',
                                 'suggestion', '')))), '[]')
                        FROM jsonb_array_elements(coalesce(chunk.payload::jsonb -> 'lines', '[]')) AS line)
     WHERE chunk.import_id = :id AND chunk.waits
    RETURNING 1
), noted AS (
    UPDATE customer_import SET cancelled_at = :now WHERE id = :id AND cancelled_at IS NULL
)
SELECT count(*) FROM cancelled

-- name: is_import_over$
SELECT NOT EXISTS (SELECT FROM customer_import_chunk WHERE import_id = :id AND created IS NULL)

-- name: find_import^
SELECT import.refused, import.warnings, import.read, import.chunks, import.file_id, import.file_name, import.options,
       import.undoes, import.cancelled_at, import.created_at,
       undo.id AS undone_by,
       (SELECT count(*) FROM customer WHERE customer.id = ANY (import.customer_ids)) AS visible,
       (SELECT count(*) FROM customer
         WHERE customer.id = ANY (undone.customer_ids) AND customer.status = 'closed') AS closed_visible,
       (SELECT coalesce(sum(created), 0) FROM customer_import_chunk WHERE import_id = import.id) AS created,
       (SELECT coalesce(sum(updated), 0) FROM customer_import_chunk WHERE import_id = import.id) AS updated,
       (SELECT coalesce(sum(unchanged), 0) FROM customer_import_chunk WHERE import_id = import.id) AS unchanged,
       (SELECT coalesce(sum(closed), 0) FROM customer_import_chunk WHERE import_id = import.id) AS closed,
       (SELECT coalesce(sum(partly), 0) FROM customer_import_chunk WHERE import_id = import.id) AS partly,
       (SELECT jsonb_object_agg(field, number)
          FROM (SELECT each.field, sum(each.number::bigint) AS number
                  FROM customer_import_chunk, jsonb_each_text(customer_import_chunk.restored) AS each (field, number)
                 WHERE import_id = import.id GROUP BY each.field) AS summed) AS restored,
       (SELECT jsonb_agg(line)
          FROM customer_import_chunk, jsonb_array_elements(customer_import_chunk.refused) AS line
         WHERE import_id = import.id) AS refused_later,
       (SELECT count(*) FROM customer_import_chunk WHERE import_id = import.id AND created IS NULL) AS waiting
  FROM customer_import AS import
  LEFT JOIN customer_import AS undo ON undo.undoes = import.id
  LEFT JOIN customer_import AS undone ON undone.id = import.undoes
 WHERE import.id = :id

-- name: imports_shown
SELECT operation.id, operation.state, operation.created_at, operation.caller, import.file_name, import.read,
       import.undoes, undo.id AS undone_by
  FROM operation
  JOIN customer_import AS import ON import.id = operation.id
  LEFT JOIN customer_import AS undo ON undo.undoes = import.id
 WHERE (:top::uuid IS NULL OR operation.operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid]))
   AND import.undoes IS NULL
 ORDER BY operation.created_at DESC
 LIMIT :limit

-- name: chunks_of_import
SELECT message_id FROM customer_import_chunk
 WHERE import_id = :id AND (created > 0 OR updated > 0)
 ORDER BY message_id

-- name: undo_of_import$
SELECT id FROM customer_import WHERE undoes = :id

-- name: add_file!
INSERT INTO customer_file (id, operator_id, caller, name, content, created_at)
VALUES (:id, :operator_id, :caller, :name, :content, :now)

-- name: find_file^
SELECT id, operator_id, caller, name, content, created_at FROM customer_file WHERE id = :id

-- name: remembered_mapping^
SELECT options FROM import_mapping WHERE operator_id = :operator_id AND header_key = :header_key

-- name: remember_mapping!
INSERT INTO import_mapping (operator_id, header_key, options, used_at)
VALUES (:operator_id, :header_key, :options::jsonb, :now)
    ON CONFLICT ON CONSTRAINT import_mapping_pk DO UPDATE SET options = excluded.options, used_at = excluded.used_at

-- name: customers_of_code_keys
-- Those of imports that were taken back are hashed once: looked for one by one, a file sent again took minutes.
SELECT customer.id, customer.operator_id, operator.path, operator.code AS operator_code,
       operator.name AS operator_name, customer.code, customer.name, customer.mobile,
       customer.alternate_mobile, customer.address, customer.package_id, package.name AS package_name, package.operator_id AS package_operator_id,
       customer.status, customer.billing_cycle, customer.since, false AS is_ours,
       customer.id IN (SELECT erased_customer.customer_id FROM erased_customer) AS is_erased,
       customer.status = 'closed' AND customer.id IN (
         SELECT unnest(import.customer_ids)
           FROM customer_import AS import JOIN customer_import AS undo ON undo.undoes = import.id) AS is_undone
  FROM customer
  JOIN operator ON operator.id = customer.operator_id
  JOIN package ON package.id = customer.package_id
 WHERE customer.code_key = ANY (:code_keys::text[])
   AND (:top::uuid IS NULL OR operator.path @> ARRAY[:top::uuid])

-- name: customers_of_mobiles
SELECT customer.id, customer.code, customer.mobile
  FROM customer
  JOIN operator ON operator.id = customer.operator_id
 WHERE customer.mobile = ANY (:mobiles::text[])
   AND (:top::uuid IS NULL OR operator.path @> ARRAY[:top::uuid])
 ORDER BY customer.code

-- name: undo_prospects^
-- What taking an import back would do, as far as it is seen here: those whom it made are closed unless somebody
-- has billed, paid or changed them since; those whom it changed go back, but for what others changed since.
SELECT count(*) FILTER (WHERE left_at = 1 AND NOT is_used) AS would_close,
       count(*) FILTER (WHERE left_at = 1 AND is_used) AS would_stay,
       count(*) FILTER (WHERE left_at > 1) AS would_go_back,
       count(*) FILTER (WHERE left_at > 1 AND version > left_at) AS changed_since
  FROM (SELECT ours.left_at, customer.version,
               customer.version > ours.left_at
               OR EXISTS (SELECT FROM bill WHERE bill.customer_id = customer.id AND bill.issued_on IS NOT NULL)
               OR EXISTS (SELECT FROM payment WHERE payment.customer_id = customer.id) AS is_used
          FROM customer_import_chunk AS chunk
         CROSS JOIN LATERAL unnest(chunk.changed_ids, chunk.changed_versions) AS ours (id, left_at)
          JOIN customer ON customer.id = ours.id
         WHERE chunk.import_id = :import_id) AS prospect

-- name: paying_since
-- Whom an import made, by its chunks, and money has come from since.
SELECT chunk.message_id, array_agg(ours.id) AS customer_ids
  FROM customer_import_chunk AS chunk
 CROSS JOIN LATERAL unnest(chunk.changed_ids, chunk.changed_versions) AS ours (id, left_at)
 WHERE chunk.import_id = :import_id AND ours.left_at = 1
   AND EXISTS (SELECT FROM payment WHERE payment.customer_id = ours.id)
 GROUP BY chunk.message_id
