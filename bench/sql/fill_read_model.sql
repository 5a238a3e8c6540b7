-- A read model of current_setting('bench.bills') bills: ten months of 820 operators in three levels and 40 packages.
-- Reseller B1 has 500 resellers below; a month is billed operator after operator, as a run does it; the last two
-- months are owed by half, the others by few.
TRUNCATE gateway.bill, gateway.bill_total, gateway.customer, gateway.package;
DELETE FROM gateway.operator WHERE parent_id IS NOT NULL;

INSERT INTO gateway.operator (id, code, name, parent_id, path, version)
SELECT md5('o' || n)::uuid, 'B' || n, 'Reseller ' || n,
       CASE WHEN n <= 20 THEN root.id ELSE above.id END,
       CASE WHEN n <= 20 THEN ARRAY[root.id, md5('o' || n)::uuid]
            ELSE ARRAY[root.id, above.id, md5('o' || n)::uuid] END, 1
  FROM generate_series(1, 820) AS n
 CROSS JOIN LATERAL (SELECT md5('o' || CASE WHEN n <= 520 THEN 1 ELSE n % 19 + 2 END)::uuid AS id) AS above
 CROSS JOIN (SELECT id FROM gateway.operator WHERE parent_id IS NULL) AS root;

INSERT INTO gateway.package (id, operator_id, name, price_minor, currency, vat_basis_points, version)
SELECT md5('p' || n)::uuid, NULL, 'Home ' || n, 50000 + 1000 * n, 'BDT', 500, 1
  FROM generate_series(1, 40) AS n;

-- A thirtieth of all bears each first name and a fortieth each last one, as in a town; mobiles share a few prefixes.
INSERT INTO gateway.customer (id, operator_id, code, name, mobile, address, package_id, status, billing_cycle,
                              since, version)
SELECT md5('c' || n)::uuid, md5('o' || (n % 820 + 1))::uuid, 'C' || lpad(n::text, 6, '0'),
       (ARRAY['Abdul', 'Afsana', 'Anika', 'Arif', 'Ayesha', 'Bilkis', 'Fahim', 'Farhana', 'Habib', 'Hasan', 'Imran',
              'Jahanara', 'Kamal', 'Khadija', 'Mahmud', 'Maruf', 'Mehedi', 'Moushumi', 'Nasrin', 'Nazmul', 'Parvin',
              'Rafiq', 'Rashed', 'Rokeya', 'Sabina', 'Selim', 'Shahin', 'Shirin', 'Tanvir', 'Zahid'])[n % 30 + 1]
       || ' ' ||
       (ARRAY['Ahmed', 'Akter', 'Alam', 'Ali', 'Amin', 'Anwar', 'Aziz', 'Bari', 'Begum', 'Bhuiyan', 'Biswas',
              'Chowdhury', 'Das', 'Faruk', 'Ferdous', 'Gazi', 'Ghosh', 'Haque', 'Hossain', 'Huda', 'Islam', 'Jahan',
              'Kabir', 'Karim', 'Khan', 'Khatun', 'Majumder', 'Mia', 'Mollah', 'Mondal', 'Nahar', 'Rahman', 'Roy',
              'Saha', 'Sarkar', 'Sheikh', 'Sikder', 'Sultana', 'Talukder', 'Uddin'])[n / 30 % 40 + 1],
       '+88017' || lpad((n::bigint * 7919 % 100000000)::text, 8, '0'), 'House ' || n % 400,
       md5('p' || (n / 820 % 40 + 1))::uuid, 'active', 'monthly', '2020-01-01', 1
  FROM generate_series(0, current_setting('bench.bills')::int / 10 - 1) AS n;

INSERT INTO gateway.bill (id, customer_id, operator_id, package_id, issued_on, due_on, period, number, status,
                          currency, total_minor, paid_minor, balance_minor, net_minor, vat_minor, vat_basis_points,
                          invoice_version, receivable_version, issued_at, operator_name, package_name,
                          customer_code, customer_name, customer_mobile, receivable_status, run_id, lines)
SELECT uuidv7(), id, operator_id, package_id, issued_on, issued_on + 10, to_char(issued_on, 'YYYY-MM'), number,
       CASE WHEN paid = total THEN 'paid' WHEN paid > 0 THEN 'partial' ELSE 'unpaid' END, 'BDT',
       total, paid, total - paid, price, total - price, 500, 1, 1, issued_on, operator_name, package_name,
       code, name, mobile,
       CASE WHEN paid = total THEN 'paid' WHEN paid > 0 THEN 'partial' ELSE 'unpaid' END, md5('r' || month)::uuid,
       jsonb_build_array(jsonb_build_object('description', package_name, 'quantity', 1, 'unit_minor', price,
           'net_minor', price, 'vat_basis_points', 500, 'vat_minor', total - price, 'total_minor', total))
  FROM (SELECT customer.*, month, operator.name AS operator_name, package.name AS package_name,
               package.price_minor AS price, package.price_minor * 105 / 100 AS total,
               operator.code || '-' || lpad((1 + row_number() OVER (PARTITION BY customer.operator_id
                                                                    ORDER BY month, customer.code))::text, 6, '0')
                   AS number,
               make_date(2026, month, CASE WHEN hashtext(customer.code || month) % 50 = 0 THEN 15 ELSE 1 END) AS issued_on,
               abs(hashtext(month || customer.code) % 100) AS chance
          FROM generate_series(1, 10) AS month
         CROSS JOIN gateway.customer
          JOIN gateway.operator ON operator.id = customer.operator_id
          JOIN gateway.package ON package.id = customer.package_id) AS billed
 CROSS JOIN LATERAL (SELECT CASE WHEN month < 9 AND chance < 96 THEN total WHEN chance < 50 THEN total
                                 WHEN chance % 10 = 0 THEN 20000 ELSE 0 END AS paid) AS money
 ORDER BY month, operator_id, number;

INSERT INTO gateway.bill_total (operator_id, package_id, issued_on, period, due_on, status, slot, bills,
                                total_minor, paid_minor, balance_minor)
SELECT above, package, billed.issued_on, billed.period, billed.due_on, billed.status, 0, sum(bills),
       sum(billed.total_minor), sum(billed.paid_minor), sum(billed.balance_minor)
  FROM (SELECT operator_id, package_id, issued_on, period, due_on, status, count(*) AS bills,
               sum(total_minor) AS total_minor, sum(paid_minor) AS paid_minor, sum(balance_minor) AS balance_minor
          FROM gateway.bill
         GROUP BY 1, 2, 3, 4, 5, 6) AS billed
  JOIN gateway.operator ON operator.id = billed.operator_id,
       unnest(operator.path) AS above,
       unnest(ARRAY[billed.package_id, '00000000-0000-0000-0000-000000000000'::uuid]) AS package
 GROUP BY 1, 2, 3, 4, 5, 6;

VACUUM ANALYZE gateway.bill, gateway.bill_total, gateway.customer, gateway.operator, gateway.package;
