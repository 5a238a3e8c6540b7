-- Whom a file is about, so that it goes with a customer who is erased. Files of a release before name nobody: they
-- go when nobody has asked for them within the retention, and learn it when somebody does.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE file ADD COLUMN customer_id uuid;
