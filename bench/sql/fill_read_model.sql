-- A read model of current_setting('bench.bills') bills: ten months, 300 operators in three levels, 40 packages.
TRUNCATE gateway.bill, gateway.bill_total, gateway.customer, gateway.package;
DELETE FROM gateway.operator WHERE parent_id IS NOT NULL;

INSERT INTO gateway.operator (id, code, name, parent_id, path, version)
SELECT md5('o' || n)::uuid, 'B' || n, 'Reseller ' || n,
       CASE WHEN n <= 20 THEN root.id ELSE md5('o' || (n % 20 + 1))::uuid END,
       CASE WHEN n <= 20 THEN ARRAY[root.id, md5('o' || n)::uuid]
            ELSE ARRAY[root.id, md5('o' || (n % 20 + 1))::uuid, md5('o' || n)::uuid] END, 1
  FROM generate_series(1, 300) AS n, (SELECT id FROM gateway.operator WHERE parent_id IS NULL) AS root;

INSERT INTO gateway.package (id, operator_id, name, price_minor, currency, vat_basis_points, version)
SELECT md5('p' || n)::uuid, NULL, 'Home ' || n, 50000 + 1000 * n, 'BDT', 500, 1
  FROM generate_series(1, 40) AS n;

INSERT INTO gateway.customer (id, operator_id, code, name, mobile, address, package_id, status, billing_cycle,
                              since, version)
SELECT md5('c' || n)::uuid, md5('o' || (n % 300 + 1))::uuid, 'C' || n, 'Customer ' || n,
       '+88017' || lpad(n::text, 8, '0'), 'House ' || n % 400, md5('p' || (n % 40 + 1))::uuid, 'active',
       'monthly', '2020-01-01', 1
  FROM generate_series(0, current_setting('bench.bills')::int / 10 - 1) AS n;

INSERT INTO gateway.bill (id, customer_id, operator_id, package_id, issued_on, due_on, period, number, status,
                          currency, total_minor, paid_minor, balance_minor, net_minor, vat_minor, vat_basis_points,
                          invoice_version, receivable_version, issued_at, operator_name, package_name,
                          customer_code, customer_name, customer_mobile)
SELECT uuidv7(), md5('c' || n)::uuid, md5('o' || (n % 300 + 1))::uuid, md5('p' || (n % 40 + 1))::uuid,
       make_date(2026, month, 1), make_date(2026, month, 11), '2026-' || lpad(month::text, 2, '0'),
       'B' || (n % 300 + 1) || '-' || lpad((month * 1000000 + n)::text, 8, '0'),
       CASE WHEN paid = total THEN 'paid' WHEN paid > 0 THEN 'partial' ELSE 'unpaid' END, 'BDT',
       total, paid, total - paid, 50000, 2500, 500, 1, 1, make_date(2026, month, 1), 'Reseller', 'Home',
       'C' || n, 'Customer ' || n, '+88017' || lpad(n::text, 8, '0')
  FROM generate_series(1, 10) AS month, generate_series(0, current_setting('bench.bills')::int / 10 - 1) AS n,
       LATERAL (SELECT 52500 AS total, CASE (n + month) % 5 WHEN 0 THEN 0 WHEN 1 THEN 20000 ELSE 52500 END AS paid);

INSERT INTO gateway.bill_total (operator_id, package_id, issued_on, period, due_on, status, slot, bills,
                                total_minor, paid_minor, balance_minor)
SELECT above, package, bill.issued_on, bill.period, bill.due_on, bill.status, 0, count(*),
       sum(bill.total_minor), sum(bill.paid_minor), sum(bill.balance_minor)
  FROM gateway.bill
  JOIN gateway.operator ON operator.id = bill.operator_id,
       unnest(operator.path) AS above,
       unnest(ARRAY[bill.package_id, '00000000-0000-0000-0000-000000000000'::uuid]) AS package
 GROUP BY 1, 2, 3, 4, 5, 6;

VACUUM ANALYZE gateway.bill, gateway.bill_total, gateway.customer, gateway.operator, gateway.package;
