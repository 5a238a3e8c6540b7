-- name: last_payments
-- What settled each bill last, for the note in its row.
SELECT DISTINCT ON (part.bill_id) part.bill_id, payment.id, payment.method, payment.paid_on
  FROM payment_allocation AS part
  JOIN payment ON payment.id = part.payment_id
 WHERE part.bill_id = ANY (:bill_ids::uuid[]) AND part.amount_minor > 0
 ORDER BY part.bill_id, payment.recorded_at DESC, payment.id DESC

-- name: payment_by_id^
-- Whoever sees a payment by a bill of theirs need not reach its customer, who may have moved.
SELECT payment.id, payment.customer_id, payment.bill_id, payment.amount_minor,
       payment.allocated_minor, payment.credit_minor, payment.currency, payment.method,
       payment.paid_on, payment.recorded_at, payment.recorded_by, payment.recorded_by_name,
       payment.source, payment.external_id, payment.reference, payment.note,
       payment.reversed, payment.reversal_reason, payment.reversed_at, payment.reversed_by, payment.version,
       customer.code AS customer_code, customer.name AS customer_name, customer.mobile AS customer_mobile
  FROM payment
  LEFT JOIN customer ON customer.id = payment.customer_id
 WHERE payment.id = :id

-- name: payments_of_bill
-- What touches this bill, each with its part on it.
SELECT payment.id, payment.customer_id, payment.bill_id, payment.amount_minor,
       coalesce(part.amount_minor, 0) AS allocated_minor, payment.credit_minor, payment.currency, payment.method,
       payment.paid_on, payment.recorded_at, payment.recorded_by, payment.recorded_by_name,
       payment.source, payment.external_id, payment.reference, payment.note,
       payment.reversed, payment.reversal_reason, payment.reversed_at, payment.reversed_by, payment.version,
       customer.code AS customer_code, customer.name AS customer_name, customer.mobile AS customer_mobile
  FROM payment
  LEFT JOIN customer ON customer.id = payment.customer_id
  LEFT JOIN payment_allocation AS part ON part.payment_id = payment.id AND part.bill_id = :bill_id
 WHERE (payment.id IN (SELECT payment_id FROM payment_allocation WHERE bill_id = :bill_id)
        OR (payment.customer_id = :customer_id AND payment.bill_id = :bill_id))
   AND (:after::uuid IS NULL OR payment.id < :after)
 ORDER BY payment.id DESC
 LIMIT :limit

-- name: payment_on_bill^
SELECT payment.id, payment.customer_id, payment.bill_id, payment.amount_minor,
       coalesce(part.amount_minor, 0) AS allocated_minor, payment.credit_minor, payment.currency, payment.method,
       payment.paid_on, payment.recorded_at, payment.recorded_by, payment.recorded_by_name,
       payment.source, payment.external_id, payment.reference, payment.note,
       payment.reversed, payment.reversal_reason, payment.reversed_at, payment.reversed_by, payment.version,
       customer.code AS customer_code, customer.name AS customer_name, customer.mobile AS customer_mobile
  FROM payment
  LEFT JOIN customer ON customer.id = payment.customer_id
  LEFT JOIN payment_allocation AS part ON part.payment_id = payment.id AND part.bill_id = :bill_id
 WHERE payment.id = :id

-- name: payments_of_customer
SELECT payment.id, payment.customer_id, payment.bill_id, payment.amount_minor,
       payment.allocated_minor, payment.credit_minor, payment.currency, payment.method,
       payment.paid_on, payment.recorded_at, payment.recorded_by, payment.recorded_by_name,
       payment.source, payment.external_id, payment.reference, payment.note,
       payment.reversed, payment.reversal_reason, payment.reversed_at, payment.reversed_by, payment.version,
       customer.code AS customer_code, customer.name AS customer_name, customer.mobile AS customer_mobile
  FROM payment
  LEFT JOIN customer ON customer.id = payment.customer_id
 WHERE payment.customer_id = :customer_id
   AND (:after::uuid IS NULL OR payment.id < :after)
 ORDER BY payment.id DESC
 LIMIT :limit
