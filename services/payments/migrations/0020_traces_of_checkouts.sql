-- A provider is asked by whichever replica claims a checkout: the trace of whoever spoke of it last goes along.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE checkout ADD COLUMN traceparent text;
