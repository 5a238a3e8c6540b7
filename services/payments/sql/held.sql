-- name: hold_payments!
INSERT INTO held_payment (held_id, source, partner_name, payment_id, event_id, operator_id, amount_minor, currency,
                          invoice_id, invoice_number, customer_code, method, paid_on, payer_reference, reason,
                          received_at)
SELECT held.held_id, held.source, held.partner_name, held.payment_id, held.event_id, held.operator_id,
       held.amount_minor, held.currency, held.invoice_id, held.invoice_number, held.customer_code, held.method,
       held.paid_on, held.payer_reference, held.reason, held.received_at
  FROM unnest(:held_ids::uuid[], :sources::text[], :partner_names::text[], :payment_ids::text[],
              :event_ids::text[], :operator_ids::uuid[], :amounts::bigint[], :currencies::text[],
              :invoice_ids::uuid[], :invoice_numbers::text[], :customer_codes::text[], :methods::text[],
              :paid_on::date[], :payer_references::text[], :reasons::text[], :received_at::timestamptz[])
       AS held (held_id, source, partner_name, payment_id, event_id, operator_id, amount_minor, currency,
                invoice_id, invoice_number, customer_code, method, paid_on, payer_reference, reason, received_at)

-- name: is_money_waiting_for_bills$
-- One look into each partial index; they are empty but for what waits.
SELECT EXISTS (SELECT 1 FROM held_payment WHERE state = 'held' AND partner_name IS NOT NULL AND invoice_id IS NOT NULL)
    OR EXISTS (SELECT 1 FROM held_payment WHERE state = 'held' AND invoice_number IS NOT NULL)

-- name: is_money_waiting_for_customers$
SELECT EXISTS (SELECT 1 FROM held_payment WHERE state = 'held' AND customer_code IS NOT NULL)

-- name: held_for_bills
-- The money of a paused partner goes nowhere by itself.
SELECT held_id, invoice_id, invoice_number
  FROM held_payment
 WHERE state = 'held'
   AND partner_name IS NOT NULL
   AND (invoice_id = ANY(:invoice_ids::uuid[]) OR invoice_number = ANY(:numbers::text[]))
   AND NOT EXISTS (SELECT 1 FROM partner WHERE partner.name = held_payment.partner_name AND partner.paused)

-- name: held_for_customers
SELECT held_id
  FROM held_payment
 WHERE state = 'held'
   AND partner_name IS NOT NULL
   AND customer_code = ANY(:codes::text[])
   AND NOT EXISTS (SELECT 1 FROM partner WHERE partner.name = held_payment.partner_name AND partner.paused)

-- name: held_by_ids
SELECT held_id, source, partner_name, payment_id, event_id, operator_id, amount_minor, currency, invoice_id,
       invoice_number, customer_code, method, paid_on, payer_reference, reason, received_at, state,
       our_payment_id, rejection_reason, customer_id, checkout_id, version
  FROM held_payment
 WHERE held_id = ANY(:held_ids::uuid[])

-- name: lock_held
-- In order, behind the accounts: staff and what arrives take the same money.
SELECT held_id, source, partner_name, payment_id, event_id, operator_id, amount_minor, currency, invoice_id,
       invoice_number, customer_code, method, paid_on, payer_reference, reason, received_at, state,
       our_payment_id, rejection_reason, customer_id, checkout_id, version
  FROM held_payment
 WHERE held_id = ANY(:held_ids::uuid[])
 ORDER BY held_id
   FOR UPDATE

-- name: still_held_after
-- Materialised: what is held is found by its own small index, not by a walk over all that ever was.
WITH waiting AS MATERIALIZED (
  SELECT held_payment.held_id
    FROM held_payment
   WHERE held_payment.state = 'held'
     AND held_payment.partner_name IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM partner WHERE partner.name = held_payment.partner_name AND partner.paused)
)
SELECT waiting.held_id
  FROM waiting
 WHERE :after_id::uuid IS NULL OR waiting.held_id > :after_id
 ORDER BY waiting.held_id
 LIMIT :most

-- name: leave_held^
UPDATE held_payment
   SET state = :state, our_payment_id = :our_payment_id, rejection_reason = :rejection_reason,
       version = version + 1
 WHERE held_id = :held_id
RETURNING held_id, source, partner_name, payment_id, event_id, operator_id, amount_minor, currency, invoice_id,
          invoice_number, customer_code, method, paid_on, payer_reference, reason, received_at, state,
          our_payment_id, rejection_reason, customer_id, checkout_id, version

-- name: give_held_another_reason^
UPDATE held_payment
   SET reason = :reason, version = version + 1
 WHERE held_id = :held_id
RETURNING held_id, source, partner_name, payment_id, event_id, operator_id, amount_minor, currency, invoice_id,
          invoice_number, customer_code, method, paid_on, payer_reference, reason, received_at, state,
          our_payment_id, rejection_reason, customer_id, checkout_id, version
