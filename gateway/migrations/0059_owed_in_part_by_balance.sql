-- migrate: no-transaction
SET lock_timeout = '5s';
SET statement_timeout = 0;

-- What is owed in part is the least that is owed, so it comes last, or first, among what is owed: whoever looked for
-- the one passed all of the other. Few bills are ever paid in part.
CREATE INDEX CONCURRENTLY IF NOT EXISTS bill_unpaid_by_balance ON bill (period, balance_minor, id)
    WHERE status = 'unpaid';
CREATE INDEX CONCURRENTLY IF NOT EXISTS bill_partial_by_balance ON bill (period, balance_minor, id)
    WHERE status = 'partial';
DROP INDEX CONCURRENTLY IF EXISTS bill_open_by_balance;
