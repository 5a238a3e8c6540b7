-- What a customers file says with a doubt: it is taken, and told.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE customer_import ADD COLUMN warnings jsonb NOT NULL DEFAULT '[]';
