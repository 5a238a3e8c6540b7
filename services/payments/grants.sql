-- What the login role `payments` may do, and nothing else: `ispbills migrate` takes everything away and gives this.
-- A new table, column or statement is declared here; tests/architecture/test_statements.py says what is missing.
GRANT SELECT, INSERT, UPDATE (credit_minor, version, settled_minor) ON account TO payments;
GRANT SELECT, INSERT, UPDATE (amount_minor) ON allocation TO payments;
GRANT SELECT, INSERT, UPDATE (operator_id, code, name, mobile, version) ON customer_known TO payments;
GRANT SELECT, INSERT, UPDATE (state, our_payment_id, reason, rejection_reason, payer_reference, version) ON held_payment
    TO payments;
GRANT SELECT, INSERT, UPDATE (currency, time_zone, link_valid_hours, version) ON installation TO payments;
GRANT SELECT, INSERT, UPDATE (code, name, parent_id, path, version) ON operator_known TO payments;
GRANT SELECT, INSERT, UPDATE (operator_id, active, paused, resumed_at, key_changed_at, bytes_per_second, version)
    ON partner TO payments;
GRANT SELECT, INSERT ON partner_event TO payments;
GRANT SELECT, INSERT, DELETE ON partner_request TO payments;
-- Money that came in is append-only: its amount, currency, customer and day never change, and it stays. The words
-- beside it go with a customer who is erased.
GRANT SELECT, INSERT, UPDATE (allocated_minor, credit_minor, refunded_minor, reversed, reversal_reason,
    reversed_at, reversed_by, reference, note, version) ON payment TO payments;
GRANT SELECT, INSERT, UPDATE (paid_minor, voided, invoice_version, version, period) ON receivable TO payments;
-- A refund that failed says so; what was asked for never changes.
GRANT SELECT, INSERT, UPDATE (failed, external_id, reason) ON refund TO payments;
GRANT SELECT, INSERT, UPDATE (state, opened_at, version), DELETE ON payment_link TO payments;
GRANT SELECT, INSERT, UPDATE (enabled, base_url, minimum_minor, maximum_minor, sealed, unverified, removed, version)
    ON payment_gateway TO payments;
GRANT SELECT, INSERT, UPDATE (leased_until), DELETE ON gateway_change TO payments;
-- What was asked of a provider never changes; what became of it does.
GRANT SELECT, INSERT, UPDATE (state, reusable, provider_id, redirect_url, external_id, problem, payment_id, held_id,
    hint, returned_at, heard_at, execute, executed_at, asked_at, looks, next_look_at, ends_at, leased_until, version,
    traceparent) ON checkout TO payments;
GRANT SELECT, INSERT, UPDATE (body) ON callback TO payments;
GRANT SELECT, INSERT, UPDATE (state, provider_id, detail, sent_at, looks, next_look_at, leased_until, reason, command,
    envelope) ON gateway_refund TO payments;
GRANT SELECT, INSERT, UPDATE (days, template, language, enabled, exclude_operator_ids, done_through, version)
    ON reminder_rule TO payments;
GRANT SELECT, INSERT, UPDATE (name, phone, address, language, has_logo, version) ON operator_profile TO payments;
GRANT SELECT ON operator_shown TO payments;
GRANT SELECT, INSERT, UPDATE (sealed, expires_at, leased_until), DELETE ON provider_token TO payments;
GRANT SELECT, INSERT, DELETE ON reminder TO payments;
GRANT SELECT, INSERT, UPDATE (send_receipts, version) ON online_settings TO payments;
GRANT SELECT, INSERT, UPDATE (said, after_id, last_outbox_id, completed_at), DELETE ON republish_job TO payments;
-- A day that was signed off is never changed.
GRANT SELECT, INSERT ON day_closing TO payments;
-- FOR UPDATE asks for the right to change any one column.
GRANT SELECT, INSERT, UPDATE (since), DELETE ON waiting_command TO payments;

-- What the promises of `ispbills audit` are about, for the role `auditor`, which changes nothing.
GRANT SELECT (customer_id, credit_minor, version, settled_minor) ON account TO auditor;
GRANT SELECT (payment_id, invoice_id, amount_minor) ON allocation TO auditor;
GRANT SELECT (callback_id, checkout_id, body) ON callback TO auditor;
GRANT SELECT (checkout_id, customer_id, provider, amount_minor, state, external_id, payment_id, held_id,
    next_look_at) ON checkout TO auditor;
GRANT SELECT (customer_id, operator_id, code, version, name, mobile) ON customer_known TO auditor;
GRANT SELECT (closing_id, operator_id, collector, day, lines, payments, collected_minor, expected_minor,
    counted_minor, note, closed_by, closed_at) ON day_closing TO auditor;
GRANT SELECT (id, value) ON dead_letter TO auditor;
GRANT SELECT (customer_id) ON erased_customer TO auditor;
GRANT SELECT (command_id) ON gateway_change TO auditor;
GRANT SELECT (envelope, state) ON gateway_refund TO auditor;
GRANT SELECT (held_id, source, partner_name, payment_id, operator_id, amount_minor, currency, invoice_id,
    invoice_number, customer_code, payer_reference, received_at, state, our_payment_id, version) ON held_payment TO
    auditor;
GRANT SELECT (message_id) ON inbox TO auditor;
GRANT SELECT (currency) ON installation TO auditor;
GRANT SELECT (operator_id, path, version) ON operator_known TO auditor;
GRANT SELECT (id, topic, causation_id, occurred_at) ON outbox TO auditor;
GRANT SELECT (topic, partition, handler, "offset", reason, first_seen, closed_at) ON partition_set_aside TO auditor;
GRANT SELECT (name, paused, resumed_at) ON partner TO auditor;
GRANT SELECT (partner_name, payment_id, amount_minor) ON partner_event TO auditor;
GRANT SELECT (payment_id, customer_id, invoice_id, amount_minor, allocated_minor, credit_minor, refunded_minor,
    source, external_id, reference, note, reversed, reversal_reason, version) ON payment TO auditor;
GRANT SELECT (link_id, invoice_id, state) ON payment_link TO auditor;
GRANT SELECT (invoice_id, customer_id, operator_id, number, currency, total_minor, paid_minor, voided,
    invoice_version, version) ON receivable TO auditor;
GRANT SELECT (refund_id, customer_id, amount_minor, reason, failed, provider, external_id) ON refund TO auditor;
GRANT SELECT (command_id, since) ON waiting_command TO auditor;
