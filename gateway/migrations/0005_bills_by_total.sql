-- Bills are sorted by their total as well.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '300s';

-- squawk-ignore require-concurrent-index-creation
CREATE INDEX bill_by_total ON bill (total_minor, id);
