-- For whom money was taken: the issuer of the bill that it named, else the customer's operator at that time. It
-- stays so for good, so that a day which was closed stays what it was when a customer moves. What was recorded
-- before is put down to the operator of now, once and before any release.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE payment ADD COLUMN operator_id uuid;
UPDATE payment
   SET operator_id = coalesce(
       (SELECT receivable.operator_id FROM receivable WHERE receivable.invoice_id = payment.invoice_id),
       (SELECT customer_known.operator_id FROM customer_known
         WHERE customer_known.customer_id = payment.customer_id));
