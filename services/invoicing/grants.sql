-- What the login role `invoicing` may do, and nothing else: `ispbills migrate` takes everything away and gives this.
-- A new table, column or statement is declared here; tests/architecture/test_statements.py says what is missing.
GRANT SELECT, INSERT, UPDATE (time_zone, currency, due_days, billing_from, link_valid_hours,
    default_vat_basis_points, version) ON billing_settings TO invoicing;
GRANT SELECT, INSERT, UPDATE (operator_id, code, name, mobile, alternate_mobile, address, package_id, status,
    billing_cycle, since, version, erased_at) ON customer TO invoicing;
GRANT SELECT, INSERT, UPDATE (undone_version), DELETE ON import_change TO invoicing;
GRANT SELECT, INSERT, UPDATE (line), DELETE ON import_line TO invoicing;
-- Issued invoices are frozen and never deleted; only their end is written, and that their customer was erased.
GRANT SELECT, INSERT, UPDATE (version, reissued_as, voided_at, void_reason, voided_by, customer_name, customer_mobile)
    ON invoice TO invoicing;
GRANT SELECT, INSERT, UPDATE (paid_minor, receivable_version) ON invoice_money TO invoicing;
GRANT SELECT, INSERT, UPDATE (name, version) ON operator TO invoicing;
GRANT SELECT, INSERT, UPDATE (next_number) ON operator_counter TO invoicing;
GRANT SELECT, INSERT, UPDATE (name, price_minor, vat_basis_points, version) ON package TO invoicing;
-- FOR UPDATE asks for the right to change any one column.
GRANT SELECT, INSERT, UPDATE (decide_at), DELETE ON pending_void TO invoicing;
GRANT SELECT, INSERT, UPDATE (said, after_id, after_version, last_outbox_id, completed_at), DELETE ON republish TO
    invoicing;
GRANT SELECT, INSERT, UPDATE (state, chunks_open, expected, created, already_billed, skipped, failed,
    total_minor, said_at, completed_at, version) ON run TO invoicing;
GRANT SELECT, INSERT, UPDATE (done, operator_ids, left_ids), DELETE ON run_chunk TO invoicing;
GRANT SELECT, INSERT, DELETE ON run_said TO invoicing;

-- What the promises of `ispbills audit` are about, for the role `auditor`, which changes nothing.
GRANT SELECT (id, operator_id, code, status, version, erased_at) ON customer TO auditor;
GRANT SELECT (id, value) ON dead_letter TO auditor;
GRANT SELECT (customer_id) ON erased_customer TO auditor;
GRANT SELECT (import_id, customer_id) ON import_change TO auditor;
GRANT SELECT (message_id) ON inbox TO auditor;
GRANT SELECT (id, operator_id, customer_id, package_id, run_id, sequence, net_minor, vat_minor, total_minor, version,
    period, number, customer_name, customer_mobile, reissued_as, voided_at) ON invoice TO auditor;
GRANT SELECT (id, code, name, path, version) ON operator TO auditor;
GRANT SELECT (operator_id, next_number) ON operator_counter TO auditor;
GRANT SELECT (id, topic, causation_id, occurred_at) ON outbox TO auditor;
GRANT SELECT (id, name, price_minor, vat_basis_points, version) ON package TO auditor;
GRANT SELECT (topic, partition, handler, "offset", reason, first_seen, closed_at) ON partition_set_aside TO auditor;
GRANT SELECT (command_id) ON pending_void TO auditor;
GRANT SELECT (id, state, dry_run, chunks_open, expected, created, already_billed, skipped, failed, total_minor) ON
    run TO auditor;
GRANT SELECT (run_id, done, customer_ids) ON run_chunk TO auditor;
GRANT SELECT (run_id, payload) ON run_said TO auditor;
