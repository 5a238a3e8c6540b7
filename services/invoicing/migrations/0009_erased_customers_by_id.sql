-- migrate: no-transaction
-- A republish says them again; they are few.
SET lock_timeout = '5s';
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_erased ON customer (id) WHERE erased_at IS NOT NULL;
