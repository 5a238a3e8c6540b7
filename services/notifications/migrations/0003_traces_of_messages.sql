-- A message is sent after its command was handled, by whichever replica claims it: its trace goes along.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE message ADD COLUMN traceparent text;
