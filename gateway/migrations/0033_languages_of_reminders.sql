-- In which language a rule reminds: one of ours, or that of the bill's operator.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- A constant default rewrites nothing.
-- squawk-ignore adding-field-with-default
ALTER TABLE reminder_rule ADD COLUMN language text NOT NULL DEFAULT 'operator';
