-- migrate: no-transaction
-- Bills by due date, for reminders: those that are owed.
SET lock_timeout = '5s';
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS receivable_owed_by_due ON receivable (due_on)
    WHERE paid_minor < total_minor AND NOT voided;
