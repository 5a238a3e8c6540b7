-- What the login role `notifications` may do, and nothing else: `ispbills migrate` takes everything away and gives this.
-- A new table, column or statement is declared here; tests/architecture/test_statements.py says what is missing.

-- Attempts are added and ended; none is changed into another.
GRANT SELECT, INSERT, UPDATE (ended_at, outcome, code, detail, reference), DELETE ON attempt TO notifications;
GRANT SELECT, INSERT, UPDATE (time_zone, currency, version) ON billing_settings TO notifications;
GRANT SELECT, INSERT, UPDATE (minute, used) ON gateway_pace TO notifications;
GRANT SELECT, INSERT, UPDATE (sealed_text, state, gateway_id, provider, tried, may_pass, tries, asks, code, detail,
                              mobile, reference, cost_minor, not_before, holder, lease_until, ask_at, test_envelope,
                              changed_at, version), DELETE
    ON message TO notifications;
GRANT SELECT, INSERT, UPDATE (name, path, version) ON operator TO notifications;
GRANT SELECT, INSERT, UPDATE (said, after_id, last_outbox_id, completed_at), DELETE ON republish TO notifications;
GRANT SELECT, INSERT, DELETE ON sandbox_message TO notifications;
-- A gateway keeps its provider and its operator.
GRANT SELECT, INSERT, UPDATE (priority, enabled, base_url, settings, sealed, secret_sealed_at, sending_from,
                              sending_until, per_minute, cost_per_segment_minor, removed, changed_by, changed_at,
                              version)
    ON sms_gateway TO notifications;
GRANT SELECT, INSERT, UPDATE (text, changed_by, changed_at, version) ON sms_template TO notifications;

-- What the promises of `ispbills audit` are about, for the role `auditor`, which changes nothing.
GRANT SELECT (message_id, number, outcome) ON attempt TO auditor;
GRANT SELECT (command_id) ON command_end TO auditor;
GRANT SELECT (id, value) ON dead_letter TO auditor;
GRANT SELECT (customer_id) ON erased_customer TO auditor;
GRANT SELECT (consumer, message_id, seen_at) ON inbox TO auditor;
GRANT SELECT (message_id, customer_id, mobile, sealed_text, state, lease_until, test_envelope, changed_at) ON message
    TO auditor;
GRANT SELECT (id, topic, causation_id, occurred_at) ON outbox TO auditor;
GRANT SELECT (topic, partition, handler, "offset", reason, first_seen, closed_at) ON partition_set_aside TO auditor;
GRANT SELECT (command_id, completed_at) ON republish TO auditor;
GRANT SELECT (message_id) ON sandbox_message TO auditor;
