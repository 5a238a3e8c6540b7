-- migrate: no-transaction
-- What would hold up writers where rows are many.
SET lock_timeout = '5s';
SET statement_timeout = 0;

-- Few rows ever wait, and the badge in the navigation counts them on every page.
CREATE INDEX CONCURRENTLY IF NOT EXISTS held_payment_waiting ON held_payment (received_at)
    WHERE state = 'held';

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS customer_import_undone_once ON customer_import (undoes)
    WHERE undoes IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_import_chunk_waiting ON customer_import_chunk (import_id)
    WHERE waits;

CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_by_code_key ON customer (code_key);
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_by_mobile ON customer (mobile)
    WHERE mobile IS NOT NULL;
