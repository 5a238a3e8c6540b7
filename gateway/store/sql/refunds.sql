-- name: refund_by_id^
SELECT id, customer_id, amount_minor, reason, refunded_by, refunded_at FROM refund WHERE id = :id

-- name: refunds_of_payments
-- Through the gateways that took them, oldest first.
SELECT id, payment_id, customer_id, amount_minor, provider, reason, asked_by, asked_at, state, external_id, detail
  FROM provider_refund
 WHERE payment_id = ANY (:payment_ids::uuid[])
 ORDER BY asked_at NULLS FIRST, id

-- name: provider_refund_by_id^
SELECT id, payment_id, customer_id, amount_minor, provider, reason, asked_by, asked_at, state, external_id, detail
  FROM provider_refund
 WHERE id = :id
