-- name: close_portal_of_erased!
-- The address that the customer had opens nothing any more.
INSERT INTO portal_address (customer_id, generation, changed_at) VALUES (:customer_id, 1, :erased_at)
    ON CONFLICT (customer_id) DO UPDATE
   SET generation = portal_address.generation + 1, changed_at = excluded.changed_at
 WHERE portal_address.changed_at < excluded.changed_at

-- name: erase_from_operations!
-- What was asked for in their name; a command without an answer is sent again, and goes once it has one.
UPDATE operation
   SET payload = NULL, facts = facts - 'about'
 WHERE state <> 'pending'
   AND (position(:customer_id::uuid::text IN payload) > 0
        OR (subject_id = :customer_id AND (payload IS NOT NULL OR facts ? 'about')))

-- name: erase_from_imports!
-- Files that named them go whole, and so do the bytes of their chunks; a report keeps their line and code.
WITH named AS (
    SELECT chunk.import_id
      FROM customer_import_chunk AS chunk
     WHERE :customer_id = ANY (chunk.changed_ids)
    UNION
    SELECT chunk.import_id
      FROM customer_import_chunk AS chunk
     CROSS JOIN LATERAL jsonb_array_elements(chunk.payload::jsonb -> 'lines') AS line
     WHERE ltrim(lower(line ->> 'code'), '0') = ltrim(lower(:code::text), '0')
    UNION
    SELECT chunk.import_id
      FROM customer_import_chunk AS chunk
     CROSS JOIN LATERAL jsonb_array_elements(chunk.refused) AS line
     WHERE ltrim(lower(line ->> 'code'), '0') = ltrim(lower(:code), '0')
    UNION
    SELECT import.id
      FROM customer_import AS import
     CROSS JOIN LATERAL jsonb_array_elements(import.refused || import.warnings) AS line
     WHERE ltrim(lower(line ->> 'code'), '0') = ltrim(lower(:code), '0')
), files AS (
    DELETE FROM customer_file
     WHERE id IN (SELECT import.file_id FROM customer_import AS import JOIN named ON named.import_id = import.id)
), chunks AS (
    UPDATE customer_import_chunk AS chunk
       SET payload = NULL,
           refused = (SELECT coalesce(jsonb_agg(
                               CASE WHEN ltrim(lower(line ->> 'code'), '0') = ltrim(lower(:code), '0')
                                    THEN jsonb_build_object('line', line -> 'line', 'code', line -> 'code',
                                                            'reason', :words::text, 'reasons', '[]'::jsonb)
                                    ELSE line END ORDER BY place), '[]')
                        FROM jsonb_array_elements(chunk.refused) WITH ORDINALITY AS each (line, place))
      FROM named
     WHERE chunk.import_id = named.import_id AND chunk.created IS NOT NULL
)
UPDATE customer_import AS import
   SET refused = (SELECT coalesce(jsonb_agg(
                           CASE WHEN ltrim(lower(line ->> 'code'), '0') = ltrim(lower(:code), '0')
                                THEN jsonb_build_object('line', line -> 'line', 'code', line -> 'code',
                                                        'reason', :words, 'reasons', '[]'::jsonb)
                                ELSE line END ORDER BY place), '[]')
                    FROM jsonb_array_elements(import.refused) WITH ORDINALITY AS each (line, place)),
       warnings = (SELECT coalesce(jsonb_agg(line ORDER BY place), '[]')
                     FROM jsonb_array_elements(import.warnings) WITH ORDINALITY AS each (line, place)
                    WHERE ltrim(lower(line ->> 'code'), '0') IS DISTINCT FROM ltrim(lower(:code), '0'))
  FROM named
 WHERE import.id = named.import_id

-- name: erase_from_documents!
-- A file's name is the customer's too. What was asked for since names a code.
DELETE FROM document
 WHERE asked_at < :erased_at
   AND subject_id IN (SELECT :customer_id::uuid
                      UNION ALL SELECT bill.id FROM bill WHERE bill.customer_id = :customer_id
                      UNION ALL SELECT payment.id FROM payment WHERE payment.customer_id = :customer_id)

-- name: erase_from_downloads!
-- A file that is gone is made again when the whole is downloaded, under the number of its bill.
UPDATE bulk_action_file AS file
   SET file_name = bill.number || '.pdf'
  FROM bulk_action_item AS item
  JOIN bill ON bill.id = item.bill_id
 WHERE item.action_id = file.action_id AND item.position = file.position
   AND bill.customer_id = :customer_id AND file.as_of < :erased_at AND file.file_name <> bill.number || '.pdf'

-- name: erase_from_webhooks!
-- Told once more they name a code.
UPDATE webhook_message
   SET body = NULL
 WHERE body IS NOT NULL
   AND subject_id IN (SELECT bill.id FROM bill WHERE bill.customer_id = :customer_id
                      UNION ALL SELECT payment.id FROM payment WHERE payment.customer_id = :customer_id)

-- name: erase_from_plans!
DELETE FROM reminder_plan
 WHERE position(:customer_id::uuid::text IN reminders::text) > 0

-- name: is_erasure_under_way$
-- Whether something of theirs is still to come: newer versions of what the view shows, answers, chunks.
SELECT EXISTS (SELECT FROM customer WHERE id = :customer_id AND name <> 'Erased customer ' || code)
    OR EXISTS (SELECT FROM bill
                WHERE customer_id = :customer_id
                  AND (customer_mobile IS NOT NULL OR customer_name <> 'Erased customer ' || customer_code))
    OR EXISTS (SELECT FROM payment
                WHERE customer_id = :customer_id AND (reference IS NOT NULL OR note IS NOT NULL))
    OR EXISTS (SELECT FROM message WHERE customer_id = :customer_id AND mobile_tail <> '')
    OR EXISTS (SELECT FROM operation
                WHERE state = 'pending'
                  AND (subject_id = :customer_id OR position(:customer_id::uuid::text IN payload) > 0))
    OR EXISTS (SELECT FROM customer_import_chunk AS chunk
                CROSS JOIN LATERAL jsonb_array_elements(chunk.payload::jsonb -> 'lines') AS line
                WHERE chunk.created IS NULL
                  AND ltrim(lower(line ->> 'code'), '0') = ltrim(lower(:code), '0'))
