-- current_setting('bench.bills') rows in each of the other large tables, as plain as their constraints let them be.
INSERT INTO invoicing.operator (id, code, name, path)
SELECT id, 'ISP', 'ISP', ARRAY[id] FROM gateway.operator WHERE parent_id IS NULL;

INSERT INTO invoicing.package (id, operator_id, name, price_minor, vat_basis_points)
SELECT id, NULL, name, price_minor, vat_basis_points FROM gateway.package;

INSERT INTO invoicing.customer (id, operator_id, code, name, mobile, address, package_id, status, billing_cycle, since)
SELECT md5('c' || n)::uuid, operator.id, 'C' || n, 'Customer ' || n, '+88017' || lpad(n::text, 8, '0'), 'House',
       md5('p' || (n % 40 + 1))::uuid, 'active', 'monthly', '2020-01-01'
  FROM invoicing.operator, generate_series(0, current_setting('bench.bills')::int - 1) AS n;

INSERT INTO invoicing.invoice (id, operator_id, customer_id, package_id, sequence, net_minor, vat_minor, total_minor,
                               issued_at, issued_on, due_on, vat_basis_points, period, currency, number,
                               operator_name, package_name, customer_code, customer_name, customer_mobile)
SELECT id, operator_id, customer_id, package_id, row_number() OVER (), net_minor, vat_minor, net_minor + vat_minor,
       issued_at, issued_on, due_on, vat_basis_points, period, currency, number, operator_name, package_name,
       customer_code, customer_name, customer_mobile
  FROM gateway.bill;

INSERT INTO payments.receivable (invoice_id, customer_id, operator_id, number, currency, total_minor, paid_minor,
                                 issued_on, due_on, invoice_version)
SELECT id, customer_id, operator_id, number, currency, total_minor, paid_minor, issued_on, due_on, 1
  FROM gateway.bill;

INSERT INTO payments.payment (payment_id, customer_id, invoice_id, amount_minor, allocated_minor, credit_minor,
                              currency, method, paid_on, recorded_at, recorded_by, source, external_id, version)
SELECT id, customer_id, id, 500, 500, 0, currency, 'cash', issued_on, issued_at, 'clerk', 'partner:bank', number, 1
  FROM gateway.bill;

INSERT INTO gateway.payment (id, customer_id, bill_id, amount_minor, allocated_minor, credit_minor, currency, method,
                             paid_on, recorded_at, recorded_by, source, reversed, version)
SELECT id, customer_id, id, 500, 500, 0, currency, 'cash', issued_on, issued_at, 'clerk', 'partner:bank', FALSE, 1
  FROM gateway.bill;

VACUUM ANALYZE invoicing.customer, invoicing.invoice, payments.receivable, payments.payment, gateway.payment;
