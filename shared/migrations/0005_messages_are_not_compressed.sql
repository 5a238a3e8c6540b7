-- A message is in the outbox for a moment: compressing one of 50 kB takes longer than writing it.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE outbox ALTER COLUMN payload SET STORAGE EXTERNAL;
