-- migrate: no-transaction
-- One open link a bill, beside which a customer may have links to several; and those are found by their owner.
SET lock_timeout = '5s';
SET statement_timeout = 0;

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS payment_link_one_active_of_one ON payment_link (invoice_id)
    WHERE state = 'active' AND further_invoice_ids = '{}';
DROP INDEX CONCURRENTLY IF EXISTS payment_link_one_active;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_link_of_several ON payment_link (customer_id)
    WHERE state = 'active' AND further_invoice_ids <> '{}';
CREATE INDEX CONCURRENTLY IF NOT EXISTS checkout_pending_of_several ON checkout USING gin (further_invoice_ids)
    WHERE state IN ('opening', 'open');
