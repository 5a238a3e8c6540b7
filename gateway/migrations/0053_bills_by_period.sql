-- migrate: no-transaction
SET lock_timeout = '5s';
SET statement_timeout = 0;

-- Sorted by an amount, a month is read in order: what is owed and what is settled apart, for whoever looks for open
-- bills would otherwise pass a whole month of settled ones, whose balance is 0.
CREATE INDEX CONCURRENTLY IF NOT EXISTS bill_open_by_balance ON bill (period, balance_minor, id)
    WHERE status IN ('unpaid', 'partial');
CREATE INDEX CONCURRENTLY IF NOT EXISTS bill_settled_by_balance ON bill (period, balance_minor, id)
    WHERE status IN ('paid', 'void');
CREATE INDEX CONCURRENTLY IF NOT EXISTS bill_open_by_total ON bill (period, total_minor, id)
    WHERE status IN ('unpaid', 'partial');
CREATE INDEX CONCURRENTLY IF NOT EXISTS bill_settled_by_total ON bill (period, total_minor, id)
    WHERE status IN ('paid', 'void');
-- As `bill_by_group`, with what a page is sorted by: a group is read and sorted in the index alone.
CREATE INDEX CONCURRENTLY IF NOT EXISTS bill_by_group_sorted ON bill (operator_id, status, package_id, issued_on, id)
    INCLUDE (due_on, period, total_minor, balance_minor);
DROP INDEX CONCURRENTLY IF EXISTS bill_by_total;
DROP INDEX CONCURRENTLY IF EXISTS bill_by_balance;
DROP INDEX CONCURRENTLY IF EXISTS bill_by_group;
