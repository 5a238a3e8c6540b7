-- name: customer^
SELECT id, operator_id, code, name, mobile, address, package_id, status, billing_cycle, since, version
  FROM customer
 WHERE id = :id

-- name: lock_customer^
SELECT id, operator_id, code, name, mobile, address, package_id, status, billing_cycle, since, version
  FROM customer
 WHERE id = :id
   FOR NO KEY UPDATE

-- name: add_customer^
INSERT INTO customer (id, operator_id, code, name, mobile, address, package_id, status, billing_cycle, since)
VALUES (:id, :operator_id, :code, :name, :mobile, :address, :package_id, :status, :billing_cycle, :since)
RETURNING id, operator_id, code, name, mobile, address, package_id, status, billing_cycle, since, version

-- name: change_customer^
UPDATE customer
   SET operator_id = :operator_id, code = :code, name = :name, mobile = :mobile, address = :address,
       package_id = :package_id, status = :status, billing_cycle = :billing_cycle, since = :since,
       version = version + 1
 WHERE id = :id
RETURNING id, operator_id, code, name, mobile, address, package_id, status, billing_cycle, since, version

-- name: lock_customers_of_codes
-- Locked, in the order of the import itself: what a line leaves out is kept as it is when the line is written.
SELECT customer.id, customer.operator_id, operator.path, customer.code, customer.name, customer.mobile,
       customer.address, customer.package_id, customer.status, customer.billing_cycle, customer.since
  FROM customer
  JOIN operator ON operator.id = customer.operator_id
 WHERE customer.code = ANY(:codes::text[])
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
INSERT INTO customer AS known (id, operator_id, code, name, mobile, address, package_id, status, billing_cycle, since)
SELECT CASE WHEN EXISTS (SELECT 1 FROM customer AS other WHERE other.id = said.id)
            THEN uuidv7() ELSE said.id END,
       said.operator_id, said.code, said.name, said.mobile, said.address, said.package_id, said.status,
       said.billing_cycle, said.since
  FROM unnest(:ids::uuid[], :operator_ids::uuid[], :codes::text[], :names::text[], :mobiles::text[],
              :addresses::text[], :package_ids::uuid[], :statuses::text[], :billing_cycles::text[],
              :sinces::date[])
       AS said (id, operator_id, code, name, mobile, address, package_id, status, billing_cycle, since)
 ORDER BY said.operator_id, said.code
    ON CONFLICT ON CONSTRAINT customer_code_taken DO UPDATE
   SET name = excluded.name, mobile = excluded.mobile, address = excluded.address,
       package_id = excluded.package_id, status = excluded.status, billing_cycle = excluded.billing_cycle,
       since = excluded.since, version = known.version + 1
 WHERE (known.name, known.mobile, known.address, known.package_id, known.status, known.billing_cycle, known.since)
       IS DISTINCT FROM (excluded.name, excluded.mobile, excluded.address, excluded.package_id, excluded.status,
                         excluded.billing_cycle, excluded.since)
RETURNING id, operator_id, code, name, mobile, address, package_id, status, billing_cycle, since, version
