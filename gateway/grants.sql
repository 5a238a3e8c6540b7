-- What the login roles `gateway` and `projector` may do, and nothing else: `ispbills migrate` takes everything away
-- and gives this. A new table, column or statement is declared here; tests/architecture/test_statements.py says what
-- is missing. `view rebuild` gives the same on the shadow tables.

-- The gateway reads the view, and writes what is its own: people, operations, bulk actions.
GRANT SELECT, INSERT, UPDATE (revoked_at, last_used_at, last_used_from) ON api_token TO gateway;
GRANT SELECT, INSERT, UPDATE (state, ended_at) ON audit TO gateway;
GRANT SELECT ON auditor_heard TO gateway;
GRANT SELECT ON bill TO gateway;
GRANT SELECT ON bill_total TO gateway;
GRANT SELECT ON billing_settings TO gateway;
GRANT SELECT ON checkout TO gateway;
GRANT SELECT, INSERT, UPDATE (state, total, succeeded, failed, skipped, edition), DELETE ON bulk_action TO gateway;
GRANT SELECT, UPDATE (file_name), DELETE ON bulk_action_file TO gateway;
GRANT SELECT, INSERT, UPDATE (customer_id, currency, balance_minor, command_id, sent_at, sends, state,
    outcome, problem), DELETE ON bulk_action_item TO gateway;
GRANT SELECT ON customer TO gateway;
GRANT SELECT ON customer_account TO gateway;
GRANT SELECT, INSERT, DELETE ON customer_file TO gateway;
-- A cancelled import's chunks that were not sent are counted here.
GRANT SELECT, INSERT, UPDATE (cancelled_at, refused, warnings), DELETE ON customer_import TO gateway;
GRANT SELECT, INSERT, UPDATE (payload, sent_at, sends, waits, created, updated, unchanged, closed, refused),
    DELETE ON customer_import_chunk TO gateway;
GRANT SELECT, INSERT, UPDATE (options, used_at), DELETE ON import_mapping TO gateway;
GRANT SELECT ON day_closing TO gateway;
GRANT SELECT, INSERT, UPDATE (blob_key), DELETE ON document TO gateway;
GRANT SELECT ON held_payment TO gateway;
GRANT SELECT, INSERT, DELETE ON idempotency_key TO gateway;
GRANT SELECT ON isp_profile TO gateway;
GRANT SELECT, INSERT, UPDATE (payload, state, problem, facts, sent_at, sends, completed_at), DELETE ON operation
    TO gateway;
GRANT SELECT ON message TO gateway;
GRANT SELECT ON online_settings TO gateway;
GRANT SELECT ON operator TO gateway;
GRANT SELECT ON package TO gateway;
GRANT SELECT ON partner TO gateway;
GRANT SELECT ON payment TO gateway;
GRANT SELECT ON payment_allocation TO gateway;
GRANT SELECT ON payment_gateway TO gateway;
GRANT SELECT ON payment_link TO gateway;
GRANT SELECT, INSERT, UPDATE (generation, changed_at) ON portal_address TO gateway;
GRANT SELECT ON projected TO gateway;
GRANT SELECT ON parked_letter TO gateway;
GRANT SELECT ON process_report TO gateway;
GRANT SELECT ON view_rebuild TO gateway;
GRANT SELECT ON provider_refund TO gateway;
GRANT SELECT ON refund TO gateway;
GRANT SELECT, DELETE ON reminder_plan TO gateway;
GRANT SELECT ON reminder_rule TO gateway;
GRANT SELECT ON run TO gateway;
GRANT SELECT ON run_entry TO gateway;
GRANT SELECT, INSERT, DELETE ON month_left_out TO gateway;
GRANT SELECT, INSERT, UPDATE (name, is_default), DELETE ON saved_view TO gateway;
GRANT SELECT, DELETE ON sign_in_attempt TO gateway;
GRANT SELECT ON sms_gateway TO gateway;
GRANT SELECT ON sms_template TO gateway;
GRANT SELECT, INSERT, DELETE ON sign_in_try TO gateway;
GRANT SELECT, INSERT, UPDATE (name, password_hash, role, operator_id, active, second_factor,
    second_factor_step, recovery_codes) ON user_account TO gateway;
GRANT SELECT, INSERT, UPDATE (last_seen_at), DELETE ON user_session TO gateway;
GRANT SELECT, INSERT, DELETE ON webhook_attempt TO gateway;
GRANT UPDATE (ended_at, status, detail) ON webhook_attempt TO gateway;
GRANT SELECT, INSERT, UPDATE (url, description, types, enabled, disabled_reason, failing_since, sealed,
    previous_sealed, previous_until), DELETE ON webhook_endpoint TO gateway;
GRANT SELECT, INSERT, UPDATE (body, state, tries, not_before, holder, lease_until, status, detail, ended_at,
    traceparent), DELETE ON webhook_message TO gateway;
GRANT EXECUTE ON FUNCTION real_runs_of(text), runs_above() TO gateway;
GRANT EXECUTE ON FUNCTION reaches_all(), reach_top(), reach(), operators_reached(), pause_after(integer)
    TO gateway;
GRANT EXECUTE ON FUNCTION find_customers(uuid, text[], integer), find_bills(uuid, text, integer),
    find_payments(uuid, text, integer) TO gateway;
-- For processes of the release before.
GRANT EXECUTE ON FUNCTION find_customers(uuid, text, integer) TO gateway;
GRANT EXECUTE ON FUNCTION find_customers(uuid[], text, integer), find_bills(uuid[], text, integer) TO gateway;

-- The projector writes the view and ends operations; people, their passwords and sessions are out of its reach.
GRANT SELECT, INSERT, UPDATE (customer_id, operator_id, package_id, issued_on, due_on, period, number, status,
    currency, total_minor, paid_minor, balance_minor, net_minor, vat_minor, vat_basis_points, invoice_version,
    receivable_version, receivable_status, voided, run_id, reissue_of, reissued_as, issued_at, voided_at,
    operator_name, package_name, customer_code, customer_name, customer_mobile, void_reason, voided_by, lines)
    ON bill TO projector;
GRANT SELECT, INSERT, UPDATE (bills, total_minor, paid_minor, balance_minor) ON bill_total TO projector;
GRANT SELECT, INSERT, UPDATE (time_zone, currency, due_days, billing_from, link_valid_hours,
    default_vat_basis_points, version) ON billing_settings TO projector;
GRANT SELECT, UPDATE (state, succeeded, failed, skipped) ON bulk_action TO projector;
GRANT SELECT, INSERT, UPDATE (blob_key, size_bytes, file_name, as_of) ON bulk_action_file TO projector;
GRANT SELECT, UPDATE (state, outcome, problem) ON bulk_action_item TO projector;
GRANT SELECT, INSERT, UPDATE (operator_id, code, name, mobile, alternate_mobile, address, package_id, status, billing_cycle,
    since, version) ON customer TO projector;
GRANT SELECT, INSERT, UPDATE (credit_minor, version) ON customer_account TO projector;
-- FOR UPDATE asks for the right to change any one column.
GRANT SELECT, UPDATE (created_at) ON customer_import TO projector;
GRANT SELECT, UPDATE (created, updated, unchanged, closed, refused, partly, restored, changed_ids, changed_versions)
    ON customer_import_chunk TO projector;
GRANT SELECT, INSERT ON day_closing TO projector;
GRANT SELECT, INSERT, UPDATE (reason, attempts, closed_at, outcome, said) ON dead_letter TO projector;
GRANT SELECT, UPDATE (blob_key, media_type, size_bytes, file_name) ON document TO projector;
GRANT SELECT, INSERT, UPDATE (fields, logo, no_logo, valid_from, changed_by, version) ON isp_profile TO projector;
GRANT SELECT, INSERT, UPDATE (state, external_id, problem, version) ON checkout TO projector;
GRANT SELECT, INSERT, UPDATE (operator_id, reason, state, our_payment_id, customer_id, bill_id, checkout_id,
    version) ON held_payment TO projector;
GRANT SELECT, INSERT, UPDATE (mobile_tail, state, provider, gateway_id, code, detail, segments, cost_minor, at, version)
    ON message TO projector;
GRANT SELECT, INSERT, UPDATE (send_receipts, version) ON online_settings TO projector;
GRANT SELECT, INSERT, UPDATE (operator_id, provider, enabled, base_url, minimum_minor, maximum_minor,
    unverified, removed, version) ON payment_gateway TO projector;
GRANT SELECT, INSERT, UPDATE (state, opened_at, expires_at, version) ON payment_link TO projector;
GRANT SELECT, INSERT ON reminder_plan TO projector;
GRANT SELECT, INSERT, UPDATE (operator_id, days, template, language, enabled, exclude_operator_ids, version)
    ON reminder_rule TO projector;
GRANT SELECT, INSERT, UPDATE (operator_id, provider, priority, enabled, base_url, settings,
    secret_sealed_at, sending_from, sending_until, per_minute, cost_per_segment_minor, removed, changed_by,
    changed_at, version) ON sms_gateway TO projector;
GRANT SELECT, INSERT, UPDATE (words, changed_by, changed_at, version) ON sms_template TO projector;
GRANT SELECT, UPDATE (state, problem, completed_at) ON operation TO projector;
GRANT SELECT, INSERT, UPDATE (code, name, parent_id, path, version) ON operator TO projector;
GRANT SELECT, INSERT, UPDATE (operator_id, name, price_minor, currency, vat_basis_points, version) ON package
    TO projector;
GRANT SELECT, INSERT, UPDATE (name, operator_id, active, paused, key_changed_at, bytes_per_second, version)
    ON partner TO projector;
GRANT SELECT, INSERT, UPDATE (operator_id, bill_id, external_id, allocated_minor, credit_minor, reversed,
    reversal_reason, reversed_at, reversed_by, reference, note, version) ON payment TO projector;
GRANT SELECT, INSERT, UPDATE (amount_minor, version) ON payment_allocation TO projector;
GRANT SELECT, INSERT, UPDATE (as_of) ON projected TO projector;
GRANT SELECT, INSERT, UPDATE (reason, attempts, state, version, partition, "offset", kind), DELETE
    ON parked_letter TO projector;
GRANT SELECT, INSERT, UPDATE (reported_at, report), DELETE ON process_report TO projector;
GRANT SELECT, INSERT, UPDATE (state, external_id, detail, reason) ON provider_refund TO projector;
GRANT SELECT, INSERT, UPDATE (reason) ON refund TO projector;
GRANT SELECT, INSERT, UPDATE (look_at) ON erased_customer TO projector;
GRANT SELECT, INSERT, UPDATE (state, expected, created, already_billed, skipped, failed, total_minor,
    completed_at, version) ON run TO projector;
GRANT SELECT, INSERT, UPDATE (outcome, reason, bill_id), DELETE ON run_entry TO projector;
GRANT SELECT, INSERT, UPDATE ("offset", next_offset, reason, attempts, first_seen, skip_to, closed_at)
    ON partition_set_aside TO projector;
-- FOR UPDATE again: whoever finds the lease of a rebuild expired ends it.
GRANT SELECT, UPDATE (expires_at), DELETE ON view_rebuild TO projector;
-- An audit that the desk asked for is carried out by a projector that can.
GRANT SELECT, UPDATE (state, holder, lease_until, started_at, ended_at, promises, looked, suspected, broken, findings,
    detail), DELETE ON audit TO projector;
GRANT SELECT, INSERT, UPDATE (heard_at) ON auditor_heard TO projector;
-- What happened is put down for those who are told of it, beside what shows it.
GRANT SELECT ON webhook_endpoint TO projector;
GRANT SELECT, INSERT ON webhook_message TO projector;

-- What the promises of `ispbills audit` are about, for the role `auditor`, which changes nothing.
GRANT SELECT (id, customer_id, operator_id, package_id, issued_on, due_on, period, number, status, total_minor,
    paid_minor, balance_minor, net_minor, vat_minor, invoice_version, receivable_version, voided, run_id,
    reissued_as, customer_name, customer_mobile) ON bill TO auditor;
GRANT SELECT (operator_id, package_id, issued_on, period, due_on, status, bills, total_minor, paid_minor,
    balance_minor) ON bill_total TO auditor;
GRANT SELECT (id, run_id, total, succeeded, failed, skipped) ON bulk_action TO auditor;
GRANT SELECT (action_id, position, command_id, sent_at, state, sends) ON bulk_action_item TO auditor;
GRANT SELECT (id, operator_id, code, name, mobile, address, status, version, alternate_mobile) ON customer TO
    auditor;
GRANT SELECT (customer_id, credit_minor, version) ON customer_account TO auditor;
GRANT SELECT (message_id, type, payload, sent_at, created, sends) ON customer_import_chunk TO auditor;
GRANT SELECT (id, operator_id, collector, day, collected_minor, expected_minor, counted_minor, note, closed_by,
    closed_at) ON day_closing TO auditor;
GRANT SELECT (id, value) ON dead_letter TO auditor;
GRANT SELECT (id, subject_id, asked_at) ON document TO auditor;
GRANT SELECT (customer_id) ON erased_customer TO auditor;
GRANT SELECT (id, amount_minor, state, version) ON held_payment TO auditor;
GRANT SELECT (id, customer_id, mobile_tail) ON message TO auditor;
GRANT SELECT (id, kind, subject_id, state, topic, key, type, payload, created_at, sent_at, sends) ON operation TO
    auditor;
GRANT SELECT (id, name, path, version) ON operator TO auditor;
GRANT SELECT (id, topic, message_id, occurred_at) ON outbox TO auditor;
GRANT SELECT (id, name, price_minor, vat_basis_points, version) ON package TO auditor;
GRANT SELECT (topic, partition, handler, "offset", reason, first_seen, closed_at) ON partition_set_aside TO auditor;
GRANT SELECT (id, customer_id, bill_id, amount_minor, allocated_minor, credit_minor, reference, note, reversed,
    version) ON payment TO auditor;
GRANT SELECT (payment_id, bill_id, amount_minor) ON payment_allocation TO auditor;
GRANT SELECT (id, customer_id, amount_minor, reason) ON refund TO auditor;
GRANT SELECT (id, state, expected, created, already_billed, skipped, failed, total_minor) ON run TO auditor;
GRANT SELECT (run_id, outcome) ON run_entry TO auditor;
