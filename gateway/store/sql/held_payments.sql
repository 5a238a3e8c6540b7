-- name: held_payment_by_id^
SELECT id, source, payment_id, operator_id, amount_minor, currency, reason, received_at, state, our_payment_id, version
  FROM held_payment
 WHERE id = :id

-- name: held_payments
SELECT id, source, payment_id, operator_id, amount_minor, currency, reason, received_at, state, our_payment_id, version
  FROM held_payment
 WHERE state = :state
   AND (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit
