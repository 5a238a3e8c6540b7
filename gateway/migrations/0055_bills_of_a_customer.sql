-- migrate: no-transaction
SET lock_timeout = '5s';
SET statement_timeout = 0;

-- As `bill_by_customer`, with what a search adds up: it reads the bills of hundreds of customers, and each lay on a
-- page of its own.
CREATE INDEX CONCURRENTLY IF NOT EXISTS bill_of_customer ON bill (customer_id, issued_on, id)
    INCLUDE (operator_id, status, period, due_on, total_minor, paid_minor, balance_minor);
DROP INDEX CONCURRENTLY IF EXISTS bill_by_customer;
