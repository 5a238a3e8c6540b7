-- name: held_payment_by_id^
SELECT held_payment.id, held_payment.source, held_payment.payment_id, held_payment.operator_id, held_payment.amount_minor,
       held_payment.currency, held_payment.reason, held_payment.received_at, held_payment.state,
       held_payment.our_payment_id, held_payment.customer_id, held_payment.bill_id, held_payment.checkout_id,
       held_payment.version, bill.number AS bill_number, customer.name AS customer_name, customer.code AS customer_code
  FROM held_payment
  LEFT JOIN bill ON bill.id = held_payment.bill_id AND bill.issued_on IS NOT NULL
  LEFT JOIN customer ON customer.id = held_payment.customer_id
 WHERE held_payment.id = :id

-- name: held_payments
SELECT held_payment.id, held_payment.source, held_payment.payment_id, held_payment.operator_id, held_payment.amount_minor,
       held_payment.currency, held_payment.reason, held_payment.received_at, held_payment.state,
       held_payment.our_payment_id, held_payment.customer_id, held_payment.bill_id, held_payment.checkout_id,
       held_payment.version, bill.number AS bill_number, customer.name AS customer_name, customer.code AS customer_code
  FROM held_payment
  LEFT JOIN bill ON bill.id = held_payment.bill_id AND bill.issued_on IS NOT NULL
  LEFT JOIN customer ON customer.id = held_payment.customer_id
 WHERE held_payment.state = :state
   AND (:after::uuid IS NULL OR held_payment.id > :after)
 ORDER BY held_payment.id
 LIMIT :limit

-- name: needs_a_person^
-- What waits for somebody's word: money, attempts to pay and messages that nobody can tell the end of.
SELECT (SELECT count(*) FROM held_payment WHERE state = 'held') AS held,
       (SELECT min(received_at) FROM held_payment WHERE state = 'held') AS oldest,
       (SELECT count(*) FROM checkout WHERE state = 'unknown') AS checkouts,
       (SELECT count(*) FROM message WHERE state = 'unknown') AS messages

-- name: held_by_currency
-- What waits in each currency, and since when the oldest of it does.
SELECT currency, count(*) AS payments, sum(amount_minor)::bigint AS amount_minor, min(received_at) AS oldest
  FROM held_payment
 WHERE state = 'held'
 GROUP BY currency
 ORDER BY payments DESC, currency

-- name: unknown_checkouts
SELECT checkout.id, checkout.provider, checkout.reference, checkout.amount_minor, checkout.currency, checkout.problem,
       checkout.created_at, checkout.bill_id, checkout.customer_id, bill.number, bill.customer_name
  FROM checkout
  LEFT JOIN bill ON bill.id = checkout.bill_id AND bill.issued_on IS NOT NULL
 WHERE checkout.state = 'unknown'
 ORDER BY checkout.created_at, checkout.id
 LIMIT :limit

-- name: checkout_by_id^
SELECT id, customer_id, provider, reference, amount_minor, currency, state FROM checkout WHERE id = :id

-- name: unknown_messages
SELECT message.id, message.template, message.provider, message.code, message.detail, message.mobile_tail,
       message.first_at, message.bill_id, message.customer_id, bill.number,
       coalesce(customer.name, bill.customer_name) AS customer_name
  FROM message
  LEFT JOIN bill ON bill.id = message.bill_id AND bill.issued_on IS NOT NULL
  LEFT JOIN customer ON customer.id = message.customer_id
 WHERE message.state = 'unknown'
 ORDER BY message.first_at, message.id
 LIMIT :limit
