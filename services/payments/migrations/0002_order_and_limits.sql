-- Money settles the oldest billing period among bills that are due on one day, and all of a customer's money
-- together stays countable. Both columns are empty in older rows: a period is learnt when invoicing says its
-- invoices again, what an account settled is counted when its money next moves.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE receivable ADD COLUMN period text COLLATE "C";

ALTER TABLE account ADD COLUMN settled_minor bigint;
ALTER TABLE account ALTER COLUMN settled_minor SET DEFAULT 0;
ALTER TABLE account ADD CONSTRAINT account_money_can_be_counted
    CHECK (settled_minor >= 0 AND credit_minor + settled_minor <= 9007199254740991) NOT VALID;
