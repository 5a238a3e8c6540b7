-- name: bills_to_order
-- What a pile of paper is sorted by. What the caller cannot see has no number.
SELECT wanted.id, bill.number, bill.period, bill.operator_name, coalesce(customer.address, '') AS address
  FROM unnest(:bill_ids::uuid[]) AS wanted (id)
  LEFT JOIN bill ON bill.id = wanted.id AND bill.issued_on IS NOT NULL
  LEFT JOIN customer ON customer.id = bill.customer_id

-- name: freeze_documents!
-- Every bill is wanted as it is when its turn comes, void or paid; what the caller cannot see is not found.
INSERT INTO bulk_action_item (action_id, position, bill_id, customer_id, currency, balance_minor, state, outcome, problem)
SELECT :action_id, wanted.position, wanted.id, bill.customer_id, bill.currency, bill.balance_minor,
       CASE WHEN bill.id IS NULL THEN 'failed' ELSE 'pending' END,
       CASE WHEN bill.id IS NULL THEN 'not-found' END,
       CASE WHEN bill.id IS NULL THEN '{"code": "not-found", "detail": "There is no such bill."}'::jsonb END
  FROM unnest(:bill_ids::uuid[]) WITH ORDINALITY AS wanted (id, position)
  LEFT JOIN bill ON bill.id = wanted.id AND bill.issued_on IS NOT NULL

-- name: settled_on_bills
SELECT bill.id, bill.customer_id, bill.operator_id, bill.paid_minor, bill.balance_minor,
       coalesce(portal_address.generation, 0) AS portal_generation
  FROM bill
  LEFT JOIN portal_address ON portal_address.customer_id = bill.customer_id
 WHERE bill.id = ANY(:bill_ids::uuid[])

-- name: payments_on_bills
-- In the order in which they were recorded.
SELECT part.bill_id, payment.paid_on, payment.method, payment.reference, part.amount_minor
  FROM payment_allocation AS part
  JOIN payment ON payment.id = part.payment_id
 WHERE part.bill_id = ANY(:bill_ids::uuid[]) AND part.amount_minor > 0 AND NOT payment.reversed
 ORDER BY part.bill_id, payment.id

-- name: download_by_id^
SELECT id, action, state, total, parameters, created_at, edition
  FROM bulk_action
 WHERE id = :id

-- name: downloaded
-- The next items in their order, each with its file once that is made.
SELECT item.position, item.state, file.blob_key, file.size_bytes, file.file_name, file.as_of
  FROM bulk_action_item AS item
  LEFT JOIN bulk_action_file AS file ON file.action_id = item.action_id AND file.position = item.position
 WHERE item.action_id = :action_id AND item.position > :after::integer
 ORDER BY item.position
 LIMIT :limit

-- name: files_of_action
SELECT file_name, size_bytes
  FROM bulk_action_file
 WHERE action_id = :action_id
 ORDER BY position

-- name: sum_of_files^
SELECT count(*) AS files, coalesce(sum(size_bytes), 0)::bigint AS size_bytes
  FROM bulk_action_file
 WHERE action_id = :action_id

-- name: first_files
SELECT file_name, size_bytes
  FROM bulk_action_file
 WHERE action_id = :action_id
 ORDER BY position
 LIMIT :limit

-- name: not_downloaded
-- What is in no file, for the list at the end of the ZIP.
SELECT item.position, item.bill_id, item.outcome, item.problem, bill.number, bill.customer_name
  FROM bulk_action_item AS item
  LEFT JOIN bill ON bill.id = item.bill_id AND bill.issued_on IS NOT NULL
 WHERE item.action_id = :action_id AND item.state IN ('failed', 'skipped')
   AND item.position > :after::integer
 ORDER BY item.position
 LIMIT :limit

-- name: forget_files_of_action!
DELETE FROM bulk_action_file
 WHERE action_id = :action_id AND position = ANY(:positions::integer[])

-- name: make_items_again!
UPDATE bulk_action_item
   SET command_id = NULL, sent_at = NULL, state = 'pending', outcome = NULL, problem = NULL
 WHERE action_id = :action_id AND position = ANY(:positions::integer[]) AND state = 'succeeded'

-- name: retry_documents!
-- What failed is asked for once more, under a new command; what nobody can see stays as it is.
UPDATE bulk_action_item AS item
   SET command_id = NULL, sent_at = NULL, state = 'pending', outcome = NULL, problem = NULL,
       customer_id = bill.customer_id
  FROM bill
 WHERE item.action_id = :action_id AND item.state = 'failed' AND bill.id = item.bill_id
   AND bill.issued_on IS NOT NULL

-- name: next_edition!
UPDATE bulk_action SET state = 'queued', edition = edition + 1 WHERE id = :id
