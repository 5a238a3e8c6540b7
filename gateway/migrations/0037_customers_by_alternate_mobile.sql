-- migrate: no-transaction
SET lock_timeout = '5s';
SET statement_timeout = 0;

-- Few customers have one.
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_by_alternate_mobile ON customer
    USING gin (alternate_mobile gin_trgm_ops) WHERE alternate_mobile IS NOT NULL;
