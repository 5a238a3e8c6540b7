-- migrate: no-transaction
SET lock_timeout = '5s';
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS file_by_customer ON file (customer_id) WHERE customer_id IS NOT NULL;
