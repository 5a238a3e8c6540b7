-- name: checkout_of_payment^
-- The charge that a payment or held money came from: where it would go back to.
SELECT checkout.checkout_id, checkout.provider, payment.external_id AS charge_id
  FROM payment
  JOIN checkout ON checkout.checkout_id = coalesce(
       (SELECT own.checkout_id FROM checkout AS own WHERE own.payment_id = payment.payment_id),
       (SELECT held_payment.checkout_id FROM held_payment
         WHERE held_payment.source = payment.source AND held_payment.payment_id = payment.external_id))
 WHERE payment.payment_id = :payment_id

-- name: queue_refund!
INSERT INTO gateway_refund (refund_id, checkout_id, payment_id, held_id, customer_id, amount_minor, reason, charge_id,
                            command, envelope, created_at, next_look_at)
VALUES (:refund_id, :checkout_id, :payment_id, :held_id, :customer_id, :amount_minor, :reason, :charge_id,
        :command::jsonb, :envelope::jsonb, :now, :now)

-- name: gateway_refund^
SELECT refund_id, checkout_id, payment_id, held_id, customer_id, amount_minor, reason, state, provider_id, detail
  FROM gateway_refund
 WHERE refund_id = :refund_id

-- name: lock_gateway_refund^
SELECT refund_id, checkout_id, payment_id, held_id, customer_id, amount_minor, reason, charge_id, command,
       envelope, state, provider_id, detail, created_at, sent_at
  FROM gateway_refund
 WHERE refund_id = :refund_id
   FOR UPDATE

-- name: refunds_under_way
SELECT payment_id, held_id
  FROM gateway_refund
 WHERE state IN ('queued', 'sending')
   AND (payment_id = ANY(:payment_ids::uuid[]) OR held_id = ANY(:held_ids::uuid[]))

-- name: claim_refund^
-- A lease is of real time. One that was sent and not answered is only asked about.
UPDATE gateway_refund
   SET leased_until = clock_timestamp() + interval '60 seconds', looks = looks + 1
 WHERE refund_id = (
       SELECT next.refund_id
         FROM gateway_refund AS next
        WHERE next.state IN ('queued', 'sending')
          AND next.next_look_at <= :now
          AND (next.leased_until IS NULL OR next.leased_until < clock_timestamp())
        ORDER BY next.next_look_at
        LIMIT 1
          FOR UPDATE SKIP LOCKED)
RETURNING refund_id, checkout_id, payment_id, held_id, customer_id, amount_minor, reason, charge_id, command,
          envelope, state, provider_id, detail, created_at, sent_at

-- name: is_refund_of_another$
SELECT TRUE
  FROM gateway_refund
 WHERE checkout_id = :checkout_id AND refund_id <> :refund_id AND state = 'done' AND provider_id = :provider_id
 LIMIT 1

-- name: begin_refund$
UPDATE gateway_refund
   SET state = 'sending', sent_at = :now
 WHERE refund_id = :refund_id AND state = 'queued'
RETURNING TRUE

-- name: ask_refund_later!
UPDATE gateway_refund
   SET next_look_at = :next_look_at, provider_id = coalesce(:provider_id, provider_id), detail = :detail,
       leased_until = NULL
 WHERE refund_id = :refund_id

-- name: end_gateway_refund!
UPDATE gateway_refund
   SET state = :state, provider_id = coalesce(:provider_id, provider_id), detail = :detail, leased_until = NULL
 WHERE refund_id = :refund_id

-- name: refund_went_through^
UPDATE refund
   SET external_id = :external_id
 WHERE refund_id = :refund_id
RETURNING refund_id, amount_minor, reason, refunded_by, refunded_at, provider, external_id

-- name: refund_failed!
UPDATE refund
   SET failed = TRUE
 WHERE refund_id = :refund_id
