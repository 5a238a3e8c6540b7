-- A message waits until its endpoint answers, for days where it does not: the trace of what it tells of goes along.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE webhook_message ADD COLUMN traceparent text;
