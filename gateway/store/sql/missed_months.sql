-- name: months_with_a_run
-- Months over which everybody here was run, by themselves or by somebody above; a run that works counts as well.
SELECT DISTINCT period
  FROM run
 WHERE period >= :first AND NOT dry_run AND customer_id IS NULL AND package_id IS NULL
   AND (operator_id IS NULL OR operator_id = :operator_id)
 UNION
SELECT period FROM runs_above() WHERE period >= :first

-- name: is_anybody_unbilled$
-- Stops at the first: where a month was missed, that is one of the first that it looks at.
SELECT EXISTS (
    SELECT FROM customer
      JOIN package ON package.id = customer.package_id
     WHERE customer.status = 'active' AND customer.billing_cycle = 'monthly' AND customer.since <= :first_day
       AND package.price_minor > 0
       AND NOT EXISTS (SELECT FROM bill
                        WHERE bill.customer_id = customer.id AND bill.period = :period AND bill.issued_on IS NOT NULL))

-- name: unbilled_figures^
-- What a run would find, at the prices of now.
SELECT count(*) AS customers,
       coalesce(sum(package.price_minor + (package.price_minor * package.vat_basis_points + 5000) / 10000), 0)::bigint
           AS total_minor
  FROM customer
  JOIN package ON package.id = customer.package_id
 WHERE customer.status = 'active' AND customer.billing_cycle = 'monthly' AND customer.since <= :first_day
   AND package.price_minor > 0
   AND NOT EXISTS (SELECT FROM bill
                    WHERE bill.customer_id = customer.id AND bill.period = :period AND bill.issued_on IS NOT NULL)

-- name: unbilled_customers
SELECT customer.id AS customer_id, customer.code, customer.name, customer.mobile, customer.since,
       operator.name AS operator_name, package.name AS package_name
  FROM customer
  JOIN package ON package.id = customer.package_id
  LEFT JOIN operator ON operator.id = customer.operator_id
 WHERE customer.status = 'active' AND customer.billing_cycle = 'monthly' AND customer.since <= :first_day
   AND package.price_minor > 0
   AND NOT EXISTS (SELECT FROM bill
                    WHERE bill.customer_id = customer.id AND bill.period = :period AND bill.issued_on IS NOT NULL)
   AND (:after::uuid IS NULL OR customer.id > :after)
 ORDER BY customer.id
 LIMIT :limit

-- name: months_left_out
-- By the operator or by somebody above: what they leave out is left out for everybody below them.
SELECT period, operator_id, left_by, left_at
  FROM month_left_out
 WHERE operator_id = ANY ((SELECT path FROM operator WHERE id = :operator_id)::uuid[]) AND period >= :first
 ORDER BY period, left_at

-- name: leave_month_out!
INSERT INTO month_left_out (operator_id, period, caller, left_by, left_at)
VALUES (:operator_id, :period, :caller, :left_by, :now)
    ON CONFLICT ON CONSTRAINT month_left_out_pk DO NOTHING

-- name: bring_month_back$
DELETE FROM month_left_out WHERE operator_id = :operator_id AND period = :period RETURNING period
