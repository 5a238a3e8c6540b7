-- A month's invoices in one statement, as a person at psql would write them: numbered, with VAT, and nothing else.
INSERT INTO bench_floor (id, operator_id, customer_id, package_id, sequence, net_minor, vat_minor, total_minor,
                         issued_at, issued_on, due_on, vat_basis_points, period, currency, number, operator_name,
                         package_name, customer_code, customer_name, customer_mobile)
SELECT uuidv7(), operator.id, customer.id, package.id, place.sequence, package.price_minor, vat.minor,
       package.price_minor + vat.minor, now(), '2026-02-01', '2026-02-11', package.vat_basis_points, '2026-02', 'BDT',
       operator.code || '-' || lpad(place.sequence::text, 6, '0'), operator.name, package.name, customer.code,
       customer.name, customer.mobile
  FROM (SELECT id, row_number() OVER (PARTITION BY operator_id ORDER BY id) AS sequence
          FROM invoicing.customer) AS place
  JOIN invoicing.customer ON customer.id = place.id
  JOIN invoicing.operator ON operator.id = customer.operator_id
  JOIN invoicing.package ON package.id = customer.package_id
 CROSS JOIN LATERAL (SELECT div(package.price_minor * package.vat_basis_points + 5000, 10000)::bigint) AS vat (minor)
 WHERE customer.status = 'active' AND customer.billing_cycle = 'monthly'
