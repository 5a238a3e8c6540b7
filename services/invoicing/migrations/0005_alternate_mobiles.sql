-- Another number of a customer: the second of a cell with two. Messages go to the first.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE customer ADD COLUMN alternate_mobile text;
