-- Who recorded a payment: recorded_by is their e-mail address or the partner for good, beside it what they
-- were called and which user it was.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE payment ADD COLUMN recorded_by_name text;
ALTER TABLE payment ADD COLUMN recorded_by_id uuid;
