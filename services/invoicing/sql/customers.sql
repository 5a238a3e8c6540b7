-- name: customer^
SELECT id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status, billing_cycle, since,
       version, erased_at
  FROM customer
 WHERE id = :id

-- name: lock_customer^
SELECT id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status, billing_cycle, since,
       version, erased_at
  FROM customer
 WHERE id = :id
   FOR NO KEY UPDATE

-- name: add_customer^
INSERT INTO customer (id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status,
                      billing_cycle, since)
VALUES (:id, :operator_id, :code, :name, :mobile, :alternate_mobile, :address, :package_id, :status,
        :billing_cycle, :since)
RETURNING id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status, billing_cycle, since,
          version

-- name: change_customer^
UPDATE customer
   SET operator_id = :operator_id, code = :code, name = :name, mobile = :mobile,
       alternate_mobile = :alternate_mobile, address = :address, package_id = :package_id, status = :status, billing_cycle = :billing_cycle, since = :since,
       version = version + 1
 WHERE id = :id
RETURNING id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status, billing_cycle, since,
          version

-- name: lock_customers_of_codes
-- Locked, in the order of the import itself: what a line leaves out is kept as it is when the line is written.
-- Found by what their codes share whatever the case and the zeros in front.
SELECT customer.id, customer.operator_id, operator.path, operator.code AS operator_code, customer.code, customer.name,
       customer.mobile, customer.alternate_mobile, customer.address, customer.package_id,
       package.name AS package_name,
       package.operator_id AS package_operator_id, customer.status, customer.billing_cycle, customer.since,
       customer.erased_at IS NOT NULL AS is_erased,
       EXISTS (SELECT FROM import_change AS ours
                WHERE ours.import_id = :import_id AND ours.customer_id = customer.id AND ours.before IS NULL) AS is_ours,
       EXISTS (SELECT FROM import_change AS undone
                WHERE undone.customer_id = customer.id AND undone.before IS NULL
                  AND undone.undone_version = customer.version) AS is_undone
  FROM customer
  JOIN operator ON operator.id = customer.operator_id
  JOIN package ON package.id = customer.package_id
 WHERE ltrim(lower(customer.code), '0') = ANY(:code_keys::text[])
   AND (:scope::uuid IS NULL OR operator.path @> ARRAY[:scope::uuid])
 ORDER BY customer.operator_id, customer.code
   FOR NO KEY UPDATE OF customer

-- name: claim_lines
-- Answers the lines that are the first of their import to speak for their code.
INSERT INTO import_line AS known (import_id, operator_id, code, line)
SELECT :import_id, said.operator_id, said.code, said.line
  FROM unnest(:operator_ids::uuid[], :codes::text[], :lines::bigint[]) AS said (operator_id, code, line)
 ORDER BY said.operator_id, said.code
    ON CONFLICT ON CONSTRAINT import_line_pk DO UPDATE
   SET line = known.line
 WHERE known.line = excluded.line
RETURNING line

-- name: import_customers
-- The order keeps two imports from waiting on each other. An id that is in use already (the same line
-- under another code) is replaced.
INSERT INTO customer AS known (id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status,
                               billing_cycle, since)
SELECT CASE WHEN EXISTS (SELECT 1 FROM customer AS other WHERE other.id = said.id)
            THEN uuidv7() ELSE said.id END,
       said.operator_id, said.code, said.name, said.mobile, said.alternate_mobile, said.address, said.package_id,
       said.status, said.billing_cycle, said.since
  FROM unnest(:ids::uuid[], :operator_ids::uuid[], :codes::text[], :names::text[], :mobiles::text[],
              :alternate_mobiles::text[], :addresses::text[], :package_ids::uuid[], :statuses::text[],
              :billing_cycles::text[], :sinces::date[])
       AS said (id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status, billing_cycle,
                since)
 ORDER BY said.operator_id, said.code
    ON CONFLICT ON CONSTRAINT customer_code_taken DO UPDATE
   SET name = excluded.name, mobile = excluded.mobile, alternate_mobile = excluded.alternate_mobile,
       address = excluded.address, package_id = excluded.package_id, status = excluded.status, billing_cycle = excluded.billing_cycle,
       since = excluded.since, version = known.version + 1
 WHERE (known.name, known.mobile, known.alternate_mobile, known.address, known.package_id, known.status,
        known.billing_cycle, known.since)
       IS DISTINCT FROM (excluded.name, excluded.mobile, excluded.alternate_mobile, excluded.address,
                         excluded.package_id, excluded.status, excluded.billing_cycle, excluded.since)
RETURNING id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status, billing_cycle, since,
          version

-- name: move_customers
-- Customers who change operator: the same person, by the clerk's word.
UPDATE customer
   SET operator_id = said.operator_id, name = said.name, mobile = said.mobile,
       alternate_mobile = said.alternate_mobile, address = said.address, package_id = said.package_id, status = said.status, billing_cycle = said.billing_cycle,
       since = said.since, version = customer.version + 1
  FROM unnest(:ids::uuid[], :operator_ids::uuid[], :names::text[], :mobiles::text[],
              :alternate_mobiles::text[], :addresses::text[], :package_ids::uuid[], :statuses::text[],
              :billing_cycles::text[], :sinces::date[])
       AS said (id, operator_id, name, mobile, alternate_mobile, address, package_id, status, billing_cycle, since)
 WHERE customer.id = said.id
RETURNING customer.id, customer.operator_id, customer.code, customer.name, customer.mobile,
          customer.alternate_mobile, customer.address, customer.package_id, customer.status, customer.billing_cycle,
          customer.since, customer.version

-- name: note_changes!
INSERT INTO import_change (import_id, customer_id, chunk_id, line, before, after, version)
SELECT :import_id, said.customer_id, :chunk_id, said.line, said.before::jsonb, said.after::jsonb, said.version
  FROM unnest(:customer_ids::uuid[], :lines::bigint[], :befores::text[], :afters::text[], :versions::bigint[])
       AS said (customer_id, line, before, after, version)
    ON CONFLICT ON CONSTRAINT import_change_pk DO NOTHING

-- name: lock_changes_of_chunk
-- In the order of imports. Each change with what became of its customer since; invoices are looked for by
-- period, for no index begins with their customer.
SELECT change.line, change.before, change.after, change.version AS left_at, customer.id, customer.code,
       customer.version, operator.path, customer.operator_id, customer.name, customer.mobile,
       customer.alternate_mobile, customer.address, customer.package_id, customer.status, customer.billing_cycle,
       customer.since,
       EXISTS (SELECT FROM invoice
                WHERE invoice.period = ANY(:periods::text[]) AND invoice.customer_id = customer.id
                  AND invoice.voided_at IS NULL)
       OR EXISTS (SELECT FROM invoice
                   WHERE invoice.period = ANY(:periods::text[]) AND invoice.customer_id = customer.id
                     AND invoice.voided_at IS NOT NULL) AS is_billed,
       change.before IS NOT NULL AND EXISTS (
         SELECT FROM customer AS other
          WHERE other.code = customer.code AND other.id <> customer.id
            AND other.operator_id = (change.before ->> 'operator_id')::uuid) AS is_taken
  FROM import_change AS change
  JOIN customer ON customer.id = change.customer_id
  JOIN operator ON operator.id = customer.operator_id
 WHERE change.import_id = :undoes AND change.chunk_id = :chunk_id AND change.undone_version IS NULL
 ORDER BY customer.operator_id, customer.code
   FOR NO KEY UPDATE OF customer

-- name: close_undone
-- What an import made and nobody has used.
UPDATE customer SET status = 'closed', version = version + 1
 WHERE id = ANY (:ids::uuid[])
RETURNING id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status, billing_cycle, since,
          version

-- name: restore_undone
-- What an import changed and nobody else has since; the other fields are said as they are.
UPDATE customer
   SET operator_id = said.operator_id, name = said.name, mobile = said.mobile,
       alternate_mobile = said.alternate_mobile, address = said.address, package_id = said.package_id,
       status = said.status, billing_cycle = said.billing_cycle, since = said.since,
       version = customer.version + 1
  FROM jsonb_to_recordset(:customers::jsonb)
       AS said (id uuid, operator_id uuid, name text, mobile text, alternate_mobile text, address text,
                package_id uuid, status text, billing_cycle text, since date)
 WHERE customer.id = said.id
RETURNING customer.id, customer.operator_id, customer.code, customer.name, customer.mobile,
          customer.alternate_mobile, customer.address, customer.package_id, customer.status, customer.billing_cycle,
          customer.since, customer.version

-- name: note_undone!
UPDATE import_change AS change
   SET undone_version = said.version
  FROM unnest(:customer_ids::uuid[], :versions::bigint[]) AS said (customer_id, version)
 WHERE change.import_id = :undoes AND change.customer_id = said.customer_id
