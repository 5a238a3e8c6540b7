-- name: portal_generation$
SELECT generation FROM portal_address WHERE customer_id = :customer_id

-- name: renew_portal_address!
INSERT INTO portal_address (customer_id, generation, changed_at) VALUES (:customer_id, 1, :now)
    ON CONFLICT (customer_id) DO UPDATE
   SET generation = portal_address.generation + 1, changed_at = excluded.changed_at

-- name: portal_customer^
SELECT customer.code, customer.name, customer.operator_id, package.name AS package_name, operator.name AS operator_name,
       coalesce(customer_account.credit_minor, 0) AS credit_minor
  FROM customer
  LEFT JOIN package ON package.id = customer.package_id
  LEFT JOIN operator ON operator.id = customer.operator_id
  LEFT JOIN customer_account ON customer_account.customer_id = customer.id
 WHERE customer.id = :customer_id

-- name: customers_by_code
-- By the search column's index, for codes are unique only within an operator.
SELECT customer.id, customer.code, customer.name, operator.name AS operator_name
  FROM customer
  JOIN operator ON operator.id = customer.operator_id
 WHERE customer.code = :code
 ORDER BY operator.name
 LIMIT :limit

-- name: customers_by_ids
SELECT customer.id, customer.code, customer.name, operator.name AS operator_name
  FROM customer
  JOIN operator ON operator.id = customer.operator_id
 WHERE customer.id = ANY (:customer_ids::uuid[])
 ORDER BY customer.name, customer.id

-- name: customer_by_id^
SELECT customer.id, customer.operator_id, operator.name AS operator_name, code_of.package_name,
       customer.code, customer.name, customer.mobile, customer.alternate_mobile, customer.address,
       customer.package_id, customer.status, customer.billing_cycle, customer.since, customer.version,
       coalesce(customer_account.credit_minor, 0) AS credit_minor,
       coalesce(portal_address.generation, 0) AS portal_generation,
       customer.id IN (SELECT erased_customer.customer_id FROM erased_customer) AS is_erased,
       (SELECT coalesce(sum(bill.balance_minor), 0)::bigint
          FROM bill
         WHERE bill.customer_id = customer.id AND bill.issued_on IS NOT NULL
           AND bill.status IN ('unpaid', 'partial')) AS balance_minor
  FROM customer
  LEFT JOIN portal_address ON portal_address.customer_id = customer.id
  LEFT JOIN customer_account ON customer_account.customer_id = customer.id
  LEFT JOIN operator ON operator.id = customer.operator_id
  LEFT JOIN (SELECT id, name AS package_name FROM package) AS code_of ON code_of.id = customer.package_id
 WHERE customer.id = :id

-- name: customer_by_code^
SELECT id FROM customer WHERE operator_id = :operator_id AND code = :code
