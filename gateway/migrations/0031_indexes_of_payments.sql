-- migrate: no-transaction
-- The days, people and words by which payments are listed.
SET lock_timeout = '5s';
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_by_recorded ON payment (recorded_at, id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_by_day ON payment (paid_on, id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_by_operator ON payment (operator_id, recorded_at, id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_by_collector ON payment (recorded_by, paid_on);
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_by_reference ON payment (upper(reference) text_pattern_ops)
    WHERE reference IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_by_external_id ON payment (upper(external_id) text_pattern_ops)
    WHERE external_id IS NOT NULL;
