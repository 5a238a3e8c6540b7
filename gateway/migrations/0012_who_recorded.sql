-- What those who recorded a payment are called, beside who they are for good.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE payment ADD COLUMN recorded_by_name text;
