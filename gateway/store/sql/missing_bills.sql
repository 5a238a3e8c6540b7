-- name: without_bill
-- Active customers on a monthly cycle without any bill for the month, by operator: what a preview shows
-- beside the dry run's own figures, which decide.
SELECT operator.id, operator.name, count(*) AS customers,
       sum(package.price_minor + (package.price_minor * package.vat_basis_points + 5000) / 10000)::bigint AS total_minor
  FROM customer
  JOIN operator ON operator.id = customer.operator_id
  JOIN package ON package.id = customer.package_id
 WHERE customer.status = 'active' AND customer.billing_cycle = 'monthly' AND package.price_minor > 0
   AND customer.since < :until::date
   AND (:operator_id::uuid IS NULL OR operator.path @> ARRAY[:operator_id::uuid])
   AND NOT EXISTS (SELECT 1
                     FROM bill
                    WHERE bill.customer_id = customer.id AND bill.period = :period AND bill.issued_on IS NOT NULL)
 GROUP BY operator.id, operator.name
 ORDER BY customers DESC, operator.name
