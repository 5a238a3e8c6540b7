-- migrate: no-transaction
-- Few rows ever wait, and the badge in the navigation counts them on every page.
SET lock_timeout = '5s';
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS held_payment_waiting ON held_payment (received_at)
    WHERE state = 'held';
