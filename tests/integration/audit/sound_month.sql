-- A month in which all promises hold: one bill paid with credit left, one void and reissued, one never billed.
-- Ids: …01 operator, …02 package, …1x customers, …2x invoices, …3x payments, …4x runs, …5x the rest.
INSERT INTO invoicing.operator (id, code, name, path)
VALUES ('00000000-0000-7000-8000-000000000001', 'ISP', 'Shapla Net', '{00000000-0000-7000-8000-000000000001}');
INSERT INTO invoicing.operator_counter (operator_id, next_number)
VALUES ('00000000-0000-7000-8000-000000000001', 4);
INSERT INTO invoicing.package (id, name, price_minor, vat_basis_points)
VALUES ('00000000-0000-7000-8000-000000000002', 'Home 30 Mbps', 100000, 500);
INSERT INTO invoicing.customer (id, operator_id, code, name, address, package_id, status, billing_cycle, since)
SELECT id, '00000000-0000-7000-8000-000000000001', code, code, '', '00000000-0000-7000-8000-000000000002', status,
       'monthly', '2026-01-01'
  FROM (VALUES ('00000000-0000-7000-8000-000000000011'::uuid, 'C-1', 'active'),
               ('00000000-0000-7000-8000-000000000012', 'C-2', 'active'),
               ('00000000-0000-7000-8000-000000000013', 'C-3', 'closed')) AS made (id, code, status);
INSERT INTO invoicing.run (id, kind, state, period, dry_run, joined_by, currency, expected, created, skipped,
                           total_minor, requested_by, started_at, said_at, completed_at)
VALUES ('00000000-0000-7000-8000-000000000041', 'requested', 'completed', '2026-11', FALSE, '2026-11-01', 'BDT',
        3, 2, '{"closed": 1}', 210000, 'admin', '2026-11-01', '2026-11-01', '2026-11-01');
INSERT INTO invoicing.run_chunk (run_id, position, operator_ids, customer_ids, expected, done)
VALUES ('00000000-0000-7000-8000-000000000041', 1, '{00000000-0000-7000-8000-000000000001}',
        '{00000000-0000-7000-8000-000000000011,00000000-0000-7000-8000-000000000012,'
        '00000000-0000-7000-8000-000000000013}', 3, TRUE);
INSERT INTO invoicing.run_said (run_id, version, payload)
VALUES ('00000000-0000-7000-8000-000000000041', 1,
        '{"entries": [{"customer_id": "00000000-0000-7000-8000-000000000013", "outcome": "skipped"}]}');
INSERT INTO invoicing.invoice (id, operator_id, customer_id, package_id, run_id, sequence, net_minor, vat_minor,
                               total_minor, issued_at, issued_on, due_on, vat_basis_points, version, period, currency,
                               number, operator_name, package_name, customer_code, customer_name, reissue_of,
                               reissued_as, voided_at, void_reason, voided_by)
SELECT id, '00000000-0000-7000-8000-000000000001', customer_id, '00000000-0000-7000-8000-000000000002', run_id,
       sequence, 100000, 5000, 105000, '2026-11-01', '2026-11-01', '2026-11-10', 500, version, '2026-11', 'BDT',
       'ISP-00000' || sequence, 'Shapla Net', 'Home 30 Mbps', code, code, reissue_of, reissued_as,
       CASE WHEN version = 2 THEN '2026-11-02'::timestamptz END, CASE WHEN version = 2 THEN 'a mistake' END,
       CASE WHEN version = 2 THEN 'admin' END
  FROM (VALUES ('00000000-0000-7000-8000-000000000021'::uuid, '00000000-0000-7000-8000-000000000011'::uuid, 1, 1,
                'C-1', '00000000-0000-7000-8000-000000000041'::uuid, NULL::uuid, NULL::uuid),
               ('00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-000000000012', 2, 2, 'C-2',
                '00000000-0000-7000-8000-000000000041', NULL, '00000000-0000-7000-8000-000000000023'),
               ('00000000-0000-7000-8000-000000000023', '00000000-0000-7000-8000-000000000012', 3, 1, 'C-2', NULL,
                '00000000-0000-7000-8000-000000000022', NULL))
       AS made (id, customer_id, sequence, version, code, run_id, reissue_of, reissued_as);

INSERT INTO payments.operator_known (operator_id, code, path, version) SELECT id, code, path, version FROM invoicing.operator;
INSERT INTO payments.customer_known (customer_id, operator_id, code, version)
SELECT id, operator_id, code, version FROM invoicing.customer;
INSERT INTO payments.receivable (invoice_id, customer_id, operator_id, number, currency, total_minor, paid_minor,
                                 issued_on, due_on, voided, invoice_version, version)
SELECT id, customer_id, operator_id, number, currency, total_minor, CASE sequence WHEN 1 THEN total_minor ELSE 0 END,
       issued_on, due_on, voided_at IS NOT NULL, version, CASE sequence WHEN 1 THEN 1 ELSE 0 END
  FROM invoicing.invoice;
INSERT INTO payments.account (customer_id, credit_minor, version, settled_minor)
VALUES ('00000000-0000-7000-8000-000000000011', 3000, 3, 105000), ('00000000-0000-7000-8000-000000000012', 0, 0, 0);
INSERT INTO payments.payment (payment_id, customer_id, invoice_id, amount_minor, allocated_minor, credit_minor,
                              refunded_minor, currency, method, paid_on, recorded_at, recorded_by, source, external_id,
                              reversed, version)
SELECT id, '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000021', amount, allocated, credit,
       refunded, 'BDT', 'cash', '2026-11-02', '2026-11-02', 'admin', source, external_id, reversed, 1
  FROM (VALUES ('00000000-0000-7000-8000-000000000031'::uuid, 110000, 105000, 3000, 2000, 'partner:bkash', 'TX-1', FALSE),
               ('00000000-0000-7000-8000-000000000032', 5000, 0, 0, 0, 'desk', NULL, TRUE))
       AS made (id, amount, allocated, credit, refunded, source, external_id, reversed);
INSERT INTO payments.allocation (payment_id, invoice_id, amount_minor)
VALUES ('00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000021', 105000);
INSERT INTO payments.refund (refund_id, customer_id, amount_minor, reason, refunded_by, refunded_at)
VALUES ('00000000-0000-7000-8000-000000000051', '00000000-0000-7000-8000-000000000011', 2000, 'asked', 'admin', '2026-11-03');
INSERT INTO payments.partner_event (partner_name, payment_id, amount_minor, currency, target)
VALUES ('bkash', 'TX-1', 110000, 'BDT', 'customer_code:C-1'), ('bkash', 'TX-2', 700, 'BDT', 'customer_code:C-9');
INSERT INTO payments.held_payment (held_id, source, partner_name, payment_id, amount_minor, currency, customer_code,
                                   method, paid_on, reason, received_at, state, our_payment_id, version)
VALUES ('00000000-0000-7000-8000-000000000052', 'partner:bkash', 'bkash', 'TX-1', 110000, 'BDT', 'C-1', 'partner',
        '2026-11-02', 'unknown-customer', '2026-11-02', 'placed', '00000000-0000-7000-8000-000000000031', 2),
       ('00000000-0000-7000-8000-000000000053', 'partner:bkash', 'bkash', 'TX-2', 700, 'BDT', 'C-9', 'partner',
        '2026-11-02', 'unknown-customer', '2026-11-02', 'held', NULL, 1);

INSERT INTO gateway.operator (id, code, name, path, version) SELECT id, code, name, path, version FROM invoicing.operator;
INSERT INTO gateway.package (id, name, price_minor, currency, vat_basis_points, version)
SELECT id, name, price_minor, 'BDT', vat_basis_points, version FROM invoicing.package;
INSERT INTO gateway.customer (id, operator_id, code, name, address, package_id, status, billing_cycle, since, version)
SELECT id, operator_id, code, name, address, package_id, status, billing_cycle, since, version FROM invoicing.customer;
INSERT INTO gateway.bill (id, customer_id, operator_id, package_id, issued_on, due_on, period, number, status, currency,
                          total_minor, paid_minor, balance_minor, net_minor, vat_minor, vat_basis_points, invoice_version,
                          receivable_version, receivable_status, voided, run_id, reissue_of, reissued_as)
SELECT invoice.id, invoice.customer_id, invoice.operator_id, invoice.package_id, invoice.issued_on, invoice.due_on,
       invoice.period, invoice.number, state.status, invoice.currency, invoice.total_minor, receivable.paid_minor,
       CASE state.status WHEN 'unpaid' THEN invoice.total_minor ELSE 0 END, invoice.net_minor, invoice.vat_minor,
       invoice.vat_basis_points, invoice.version, receivable.version, state.status, invoice.voided_at IS NOT NULL,
       invoice.run_id, invoice.reissue_of, invoice.reissued_as
  FROM invoicing.invoice
  JOIN payments.receivable ON receivable.invoice_id = invoice.id
  JOIN (VALUES (1, 'paid'), (2, 'void'), (3, 'unpaid')) AS state (sequence, status) ON state.sequence = invoice.sequence;
INSERT INTO gateway.bill_total (operator_id, package_id, issued_on, period, due_on, status, slot, bills, total_minor,
                                paid_minor, balance_minor)
SELECT bill.operator_id, package.id, bill.issued_on, bill.period, bill.due_on, bill.status, 0, 1,
       CASE bill.status WHEN 'void' THEN 0 ELSE bill.total_minor END, bill.paid_minor, bill.balance_minor
  FROM gateway.bill
 CROSS JOIN LATERAL (VALUES (bill.package_id), ('00000000-0000-0000-0000-000000000000'::uuid)) AS package (id);
INSERT INTO gateway.payment (id, customer_id, bill_id, amount_minor, allocated_minor, credit_minor, currency, method,
                             paid_on, recorded_at, recorded_by, source, reversed, version)
SELECT payment_id, customer_id, invoice_id, amount_minor, allocated_minor, credit_minor, currency, method, paid_on,
       recorded_at, recorded_by, source, reversed, version
  FROM payments.payment;
INSERT INTO gateway.payment_allocation (payment_id, bill_id, amount_minor, version)
SELECT payment_id, invoice_id, amount_minor, 1 FROM payments.allocation;
INSERT INTO gateway.customer_account (customer_id, credit_minor, version)
SELECT customer_id, credit_minor, version FROM payments.account WHERE version > 0;
INSERT INTO gateway.refund (id, customer_id, amount_minor, reason, refunded_by, refunded_at)
SELECT refund_id, customer_id, amount_minor, reason, refunded_by, refunded_at FROM payments.refund;
INSERT INTO gateway.held_payment (id, source, payment_id, amount_minor, currency, reason, received_at, state,
                                  our_payment_id, version)
SELECT held_id, source, payment_id, amount_minor, currency, reason, received_at, state, our_payment_id, version
  FROM payments.held_payment;
INSERT INTO gateway.run (id, kind, state, period, dry_run, expected, created, already_billed, skipped, failed, total_minor,
                         currency, requested_by, started_at, version)
SELECT id, kind, state, period, dry_run, expected, created, already_billed, skipped, failed, total_minor, currency,
       requested_by, started_at, version
  FROM invoicing.run;
INSERT INTO gateway.run_entry (run_id, customer_id, code, outcome, reason)
VALUES ('00000000-0000-7000-8000-000000000041', '00000000-0000-7000-8000-000000000013', 'C-3', 'skipped', 'closed');
INSERT INTO gateway.bulk_action (id, action, state, operator_id, caller, actor, parameters, total, skipped, created_at)
VALUES ('00000000-0000-7000-8000-000000000054', 'mark_paid', 'completed', '00000000-0000-7000-8000-000000000001',
        'user', '{}', '{}', 1, 1, '2026-11-02');
INSERT INTO gateway.bulk_action_item (action_id, position, bill_id, state, outcome)
VALUES ('00000000-0000-7000-8000-000000000054', 1, '00000000-0000-7000-8000-000000000021', 'skipped', 'already-paid');
INSERT INTO gateway.operation (id, kind, subject_id, operator_id, caller, created_at, sent_at)
VALUES ('00000000-0000-7000-8000-000000000055', 'payment', '00000000-0000-7000-8000-000000000055',
        '00000000-0000-7000-8000-000000000001', 'user', '2026-11-02', '2026-11-02');

INSERT INTO notifications.message (message_id, customer_id, operator_id, invoice_id, template, language, mobile, sealed_text,
                                   segments, is_unicode, state, gateway_id, provider, is_test, tries, lane, not_before,
                                   not_after, created_at, changed_at, version)
VALUES ('00000000-0000-7000-8000-000000000061', '00000000-0000-7000-8000-000000000011',
        '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000021', 'payment-link', 'en',
        '+8801711000412', 'sealed', 1, FALSE, 'sent', '00000000-0000-7000-8000-000000000062', 'bulksmsbd', FALSE, 2, 0,
        '2026-11-02', '2026-11-05', '2026-11-02', '2026-11-02', 4);
INSERT INTO notifications.attempt (message_id, number, gateway_id, provider, began_at, ended_at, outcome)
VALUES ('00000000-0000-7000-8000-000000000061', 1, '00000000-0000-7000-8000-000000000062', 'bulksmsbd', '2026-11-02',
        '2026-11-02', 'not-taken'),
       ('00000000-0000-7000-8000-000000000061', 2, '00000000-0000-7000-8000-000000000062', 'bulksmsbd', '2026-11-02',
        '2026-11-02', 'taken');
