-- migrate: no-transaction
-- What a collector or an operator took on a day, what was recorded since, what was taken back since.
SET lock_timeout = '5s';
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_by_collector ON payment (recorded_by, paid_on);
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_by_operator ON payment (operator_id, paid_on);
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_by_recorded ON payment (recorded_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_by_reversed ON payment (reversed_at) WHERE reversed;
