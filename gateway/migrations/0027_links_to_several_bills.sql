-- A link, and an attempt to pay by it, may be of several bills of a customer: `bill_id` is the oldest.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- Constant defaults rewrite nothing.
-- squawk-ignore adding-field-with-default
ALTER TABLE payment_link ADD COLUMN further_bill_ids uuid[] NOT NULL DEFAULT '{}';
-- squawk-ignore adding-field-with-default
ALTER TABLE checkout ADD COLUMN further_bill_ids uuid[] NOT NULL DEFAULT '{}';
