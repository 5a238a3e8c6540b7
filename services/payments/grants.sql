-- What the login role `payments` may do, and nothing else: `ispbills migrate` takes everything away and gives this.
-- A new table, column or statement is declared here; tests/architecture/test_statements.py says what is missing.
GRANT SELECT, INSERT, UPDATE (credit_minor, version, settled_minor) ON account TO payments;
GRANT SELECT, INSERT, UPDATE (amount_minor) ON allocation TO payments;
GRANT SELECT, INSERT, UPDATE (operator_id, code, version) ON customer_known TO payments;
GRANT SELECT, INSERT, UPDATE (state, our_payment_id, rejection_reason, version) ON held_payment TO payments;
GRANT SELECT, INSERT, UPDATE (currency, time_zone, version) ON installation TO payments;
GRANT SELECT, INSERT, UPDATE (code, parent_id, path, version) ON operator_known TO payments;
GRANT SELECT, INSERT, UPDATE (active, version) ON partner TO payments;
GRANT SELECT, INSERT ON partner_event TO payments;
GRANT SELECT, INSERT, DELETE ON partner_request TO payments;
-- Money that came in is append-only: its amount, currency, customer and day never change, and it stays.
GRANT SELECT, INSERT, UPDATE (allocated_minor, credit_minor, refunded_minor, reversed, reversal_reason,
    reversed_at, reversed_by, version) ON payment TO payments;
GRANT SELECT, INSERT, UPDATE (paid_minor, voided, invoice_version, version, period) ON receivable TO payments;
GRANT SELECT, INSERT ON refund TO payments;
GRANT SELECT, INSERT, UPDATE (said, after_id, last_outbox_id, completed_at), DELETE ON republish_job TO payments;
-- FOR UPDATE asks for the right to change any one column.
GRANT SELECT, INSERT, UPDATE (since), DELETE ON waiting_command TO payments;
