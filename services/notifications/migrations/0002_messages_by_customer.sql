-- migrate: no-transaction
-- What was sent to a customer who is erased.
SET lock_timeout = '5s';
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS message_by_customer ON message (customer_id) WHERE customer_id IS NOT NULL;
