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

-- name: payment_in_list^
-- One payment as the list shows it.
SELECT payment.id, payment.customer_id, payment.operator_id, payment.bill_id, payment.amount_minor,
       payment.allocated_minor, payment.credit_minor, payment.currency, payment.method, payment.paid_on,
       payment.recorded_at, payment.recorded_by, payment.recorded_by_name, payment.source, payment.external_id,
       payment.reference, payment.note, payment.reversed, payment.reversal_reason, payment.reversed_at,
       payment.reversed_by, payment.version,
       customer.code AS customer_code, customer.name AS customer_name, customer.mobile AS customer_mobile,
       operator.name AS operator_name, bill.number AS bill_number, bill.balance_minor AS bill_balance_minor,
       (SELECT count(*) FROM payment_allocation AS part
         WHERE part.payment_id = payment.id AND part.amount_minor > 0) AS bills
  FROM payment
  LEFT JOIN customer ON customer.id = payment.customer_id
  LEFT JOIN operator ON operator.id = payment.operator_id
  LEFT JOIN bill ON bill.id = payment.bill_id
 WHERE payment.id = :id

-- name: payment_sums
-- In groups that the filters of method, source and reversal take or leave: each is counted without itself.
SELECT method, source, reversed, credit_minor > 0 AS has_credit, count(*) AS payments,
       sum(amount_minor)::bigint AS amount_minor
  FROM payment
 WHERE (:tops::uuid[] IS NULL OR operator_id IN (SELECT id FROM operator WHERE path && :tops::uuid[]))
   AND (:recorded_by::text IS NULL OR recorded_by = :recorded_by)
   AND (:paid_from::date IS NULL OR paid_on >= :paid_from)
   AND (:paid_to::date IS NULL OR paid_on <= :paid_to)
   AND (:since::timestamptz IS NULL OR recorded_at >= :since)
   AND (:before::timestamptz IS NULL OR recorded_at < :before)
   AND (:customer_ids::uuid[] IS NULL OR customer_id = ANY (:customer_ids::uuid[])
        OR id = ANY (:payment_ids::uuid[]))
 GROUP BY method, source, reversed, credit_minor > 0

-- name: found_payments
SELECT id FROM find_payments(:top::uuid, :words, :at_most::integer) AS id

-- name: parts_of_payment
-- What a payment settles, bill by bill.
SELECT bill.id, bill.number, bill.period, bill.status, part.amount_minor, bill.balance_minor
  FROM payment_allocation AS part
  JOIN bill ON bill.id = part.bill_id AND bill.issued_on IS NOT NULL
 WHERE part.payment_id = :payment_id AND part.amount_minor > 0
 ORDER BY bill.due_on, bill.id

-- name: payments_with_reference
-- The last ones that bear a reference, whoever typed it how; what was reversed has given it free.
SELECT payment.id, payment.amount_minor, payment.paid_on, payment.recorded_at, payment.method,
       customer.name AS customer_name, customer.code AS customer_code
  FROM payment
  LEFT JOIN customer ON customer.id = payment.customer_id
 WHERE upper(payment.reference) = upper(:reference) AND NOT payment.reversed
   AND (:top::uuid IS NULL
        OR payment.operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid]))
   AND payment.id <> coalesce(:but_not, '00000000-0000-0000-0000-000000000000'::uuid)
   AND (:before::timestamptz IS NULL OR payment.recorded_at <= :before)
 ORDER BY payment.recorded_at DESC
 LIMIT :limit
