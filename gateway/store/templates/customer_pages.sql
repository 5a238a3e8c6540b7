-- Lists of customers: a page in each order, the sums of a filter, and the whole of it for a file.

-- part: columns
customer.id, customer.operator_id, operator.name AS operator_name, package.name AS package_name,
       customer.code, customer.name, customer.mobile, customer.alternate_mobile, customer.address,
       customer.package_id, customer.status, customer.billing_cycle, customer.since, customer.version,
       coalesce(customer_account.credit_minor, 0) AS credit_minor,
       coalesce(portal_address.generation, 0) AS portal_generation,
       customer.id IN (SELECT erased_customer.customer_id FROM erased_customer) AS is_erased

-- part: around
LEFT JOIN portal_address ON portal_address.customer_id = customer.id
  LEFT JOIN customer_account ON customer_account.customer_id = customer.id
  LEFT JOIN operator ON operator.id = customer.operator_id
  LEFT JOIN package ON package.id = customer.package_id

-- part: sought
-- What is not asked for folds away, for plans are made for the very values.
(:tops::uuid[] IS NULL
        OR customer.operator_id IN (SELECT id FROM operator WHERE path && :tops::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR customer.package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR customer.status = ANY (:statuses::text[]))
   AND (:cycles::text[] IS NULL OR customer.billing_cycle = ANY (:cycles::text[]))
   AND (:code::text IS NULL OR customer.code = :code)
   AND (:found::uuid[] IS NULL OR customer.id = ANY (:found::uuid[]))

-- part: owing
(:owing::boolean IS NULL
        OR :owing = EXISTS (SELECT FROM bill WHERE bill.customer_id = customer.id AND bill.issued_on IS NOT NULL
                                               AND bill.status IN ('unpaid', 'partial')))

-- name: customers
-- In the order they joined, or by name: what is not asked for folds away, for plans are made for the very values.
SELECT $columns,
       (SELECT coalesce(sum(bill.balance_minor), 0)::bigint
          FROM bill
         WHERE bill.customer_id = customer.id AND bill.issued_on IS NOT NULL
           AND bill.status IN ('unpaid', 'partial')) AS balance_minor
  FROM customer
  $around
 WHERE $sought
   AND $owing
   AND (:after::uuid IS NULL
        OR (CASE WHEN :by_name THEN (customer.name, customer.id) > (:after_name::text, :after)
                 ELSE customer.id > :after END))
 ORDER BY CASE WHEN :by_name THEN customer.name END, customer.id
 LIMIT :limit

-- name: customers_by_balance
-- What everybody owes is added up once; for the few rows of another order it is looked up row by row. The greatest
-- comes first where the sign is -1.
SELECT $columns,
       coalesce(owed.balance_minor, 0) AS balance_minor
  FROM customer
  LEFT JOIN (SELECT customer_id, sum(balance_minor)::bigint AS balance_minor
               FROM bill
              WHERE issued_on IS NOT NULL AND status IN ('unpaid', 'partial')
              GROUP BY customer_id) AS owed ON owed.customer_id = customer.id
  $around
 WHERE $sought
   AND (:owing::boolean IS NULL OR :owing = (owed.balance_minor IS NOT NULL))
   AND (:after::uuid IS NULL
        OR (:sign::bigint * coalesce(owed.balance_minor, 0), customer.id) > (:sign * :after_minor::bigint, :after))
 ORDER BY :sign::bigint * coalesce(owed.balance_minor, 0), customer.id
 LIMIT :limit

-- name: customer_totals^
-- How many the filter holds, and what they owe.
WITH chosen AS MATERIALIZED (
    SELECT customer.id
      FROM customer
     WHERE $sought
       AND $owing
)
SELECT (SELECT count(*) FROM chosen) AS customers,
       (SELECT coalesce(sum(balance_minor), 0)::bigint
          FROM bill
         WHERE issued_on IS NOT NULL AND status IN ('unpaid', 'partial')
           AND customer_id IN (SELECT id FROM chosen)) AS balance_minor

-- name: customers_exported
-- In the order of their ids, which a file keeps the same from one time to the next.
SELECT customer.id, customer.code, customer.name, customer.mobile, customer.address, operator.code AS operator,
       package.name AS package, customer.status, customer.billing_cycle, customer.since,
       customer.alternate_mobile
  FROM customer
  LEFT JOIN operator ON operator.id = customer.operator_id
  LEFT JOIN package ON package.id = customer.package_id
 WHERE $sought
   AND $owing
   AND (:after::uuid IS NULL OR customer.id > :after)
 ORDER BY customer.id
 LIMIT :limit
