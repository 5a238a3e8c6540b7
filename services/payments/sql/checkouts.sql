-- name: open_checkout^
-- Nothing, when one of the same link, gateway and amount is open.
INSERT INTO checkout (checkout_id, link_id, invoice_id, further_invoice_ids, customer_id, operator_id, gateway_id,
                      provider, reference, amount_minor, currency, language, created_at, next_look_at, ends_at,
                      leased_until, traceparent)
VALUES (:checkout_id, :link_id, :invoice_id, :further_invoice_ids::uuid[], :customer_id, :operator_id, :gateway_id,
        :provider, :reference, :amount_minor, :currency, :language, :now, :next_look_at, :ends_at,
        clock_timestamp() + interval '60 seconds', :traceparent)
    ON CONFLICT (link_id, gateway_id, amount_minor) WHERE reusable DO NOTHING
RETURNING checkout_id, provider, reference, amount_minor, currency, provider_id, hint, ends_at

-- name: reusable_checkout^
SELECT checkout_id, redirect_url
  FROM checkout
 WHERE link_id = :link_id AND gateway_id = :gateway_id AND amount_minor = :amount_minor AND reusable

-- name: checkout^
SELECT checkout_id, link_id, invoice_id, further_invoice_ids, customer_id, gateway_id, provider, reference,
       amount_minor, currency, language, state, reusable, provider_id, external_id, problem, payment_id, returned_at,
       execute, asked_at
  FROM checkout
 WHERE checkout_id = :checkout_id

-- name: checkout_by_reference^
SELECT checkout_id, link_id, invoice_id, further_invoice_ids, customer_id, gateway_id, provider, reference,
       amount_minor, currency, language, state, reusable, provider_id, external_id, problem, payment_id, returned_at,
       execute, asked_at
  FROM checkout
 WHERE reference = :reference

-- name: lock_checkout^
-- Behind the account of its customer: whatever is said of one checkout happens one after another.
SELECT checkout_id, invoice_id, further_invoice_ids, customer_id, operator_id, provider, reference, amount_minor,
       currency, state, payment_id
  FROM checkout
 WHERE checkout_id = :checkout_id
   FOR UPDATE

-- name: checkout_opened^
UPDATE checkout
   SET state = CASE WHEN state = 'opening' THEN 'open' ELSE state END, provider_id = :provider_id,
       redirect_url = :redirect_url, ends_at = :ends_at, leased_until = NULL, version = version + 1
 WHERE checkout_id = :checkout_id
RETURNING checkout_id, link_id, invoice_id, further_invoice_ids, customer_id, operator_id, provider, reference,
          amount_minor, currency, state, external_id, problem, created_at, version

-- name: end_checkout^
UPDATE checkout
   SET state = :state, reusable = FALSE, external_id = coalesce(:external_id, external_id),
       problem = :problem, payment_id = :payment_id, held_id = coalesce(:held_id, held_id),
       leased_until = NULL, version = version + 1
 WHERE checkout_id = :checkout_id
RETURNING checkout_id, link_id, invoice_id, further_invoice_ids, customer_id, operator_id, provider, reference,
          amount_minor, currency, state, external_id, problem, created_at, version

-- name: note_held!
-- Money of another amount is held, and the checkout still waits for its own.
UPDATE checkout
   SET held_id = :held_id
 WHERE checkout_id = :checkout_id

-- name: came_back!
-- Asked at once. A checkout that its customer left is not offered again; it is still asked about.
UPDATE checkout
   SET returned_at = coalesce(returned_at, :now), heard_at = :now, reusable = reusable AND NOT :left,
       execute = execute OR :execute, hint = coalesce(:hint, hint), next_look_at = least(next_look_at, :now),
       traceparent = :traceparent
 WHERE checkout_id = :checkout_id AND state IN ('opening', 'open')

-- name: hear_again!
-- Asked at once, also what was thought to be over: a charge that comes late is money all the same.
UPDATE checkout
   SET heard_at = :now, next_look_at = :now, hint = coalesce(:hint, hint), traceparent = :traceparent,
       state = CASE WHEN state IN ('failed', 'expired', 'unknown') THEN 'open' ELSE state END,
       ends_at = CASE WHEN state IN ('failed', 'expired', 'unknown') THEN greatest(ends_at, :now::timestamptz + interval '1 hour')
                      ELSE ends_at END
 WHERE checkout_id = :checkout_id AND state IN ('opening', 'open', 'failed', 'expired', 'unknown')

-- name: claim_checkout^
-- A lease is of real time; when a checkout is due is a matter of the installation's clock.
UPDATE checkout
   SET leased_until = clock_timestamp() + interval '60 seconds', looks = looks + 1
 WHERE checkout_id = (
       SELECT next.checkout_id
         FROM checkout AS next
        WHERE next.state IN ('opening', 'open')
          AND next.next_look_at <= :now
          AND (next.leased_until IS NULL OR next.leased_until < clock_timestamp())
        ORDER BY next.next_look_at
        LIMIT 1
          FOR UPDATE SKIP LOCKED)
RETURNING checkout_id, gateway_id, provider, reference, amount_minor, currency, state, provider_id, hint,
          created_at, heard_at, execute, executed_at, ends_at, traceparent

-- name: begin_execution$
-- Committed before the provider hears of it: what comes of it is only ever asked about afterwards.
UPDATE checkout
   SET executed_at = :now
 WHERE checkout_id = :checkout_id AND executed_at IS NULL
RETURNING TRUE

-- name: forget_execution!
-- The provider refused it as too early; whoever comes back next may carry it out.
UPDATE checkout
   SET executed_at = NULL, execute = FALSE
 WHERE checkout_id = :checkout_id

-- name: give_up_reuse!
-- Whoever was opening it is gone: its page was never shown to anybody.
UPDATE checkout
   SET reusable = FALSE
 WHERE checkout_id = :checkout_id AND state = 'opening' AND leased_until < clock_timestamp()

-- name: look_later!
-- What was heard while its provider was being asked is looked at next.
UPDATE checkout
   SET next_look_at = CASE WHEN heard_at >= :began_at THEN :now::timestamptz ELSE :next_look_at END, asked_at = :now, problem = :problem, leased_until = NULL,
       reusable = reusable AND NOT :left
 WHERE checkout_id = :checkout_id AND state IN ('opening', 'open')

-- name: look_now^
UPDATE checkout
   SET next_look_at = :now, state = CASE WHEN state = 'unknown' THEN 'open' ELSE state END,
       leased_until = NULL, traceparent = :traceparent, version = version + 1
 WHERE checkout_id = :checkout_id AND state IN ('opening', 'open', 'unknown')
RETURNING checkout_id, link_id, invoice_id, further_invoice_ids, customer_id, operator_id, provider, reference,
          amount_minor, currency, state, external_id, problem, created_at, version

-- name: pending_checkouts
SELECT DISTINCT bill.invoice_id
  FROM checkout
 CROSS JOIN unnest(checkout.invoice_id || checkout.further_invoice_ids) AS bill (invoice_id)
 WHERE (checkout.invoice_id = ANY(:invoice_ids::uuid[]) OR checkout.further_invoice_ids && :invoice_ids::uuid[])
   AND checkout.state IN ('opening', 'open') AND checkout.returned_at IS NOT NULL

-- name: newest_checkout^
-- What the page of a link shows of a payment that is being checked: of any of its bills.
SELECT provider, reference, state, reusable, problem, asked_at
  FROM checkout
 WHERE (invoice_id = ANY(:invoice_ids::uuid[]) OR further_invoice_ids && :invoice_ids::uuid[])
   AND state IN ('opening', 'open') AND returned_at IS NOT NULL
 ORDER BY created_at DESC
 LIMIT 1

-- name: checkouts_after
SELECT checkout_id, link_id, invoice_id, further_invoice_ids, customer_id, operator_id, provider, reference,
       amount_minor, currency, state, external_id, problem, created_at, version
  FROM checkout
 WHERE :after_id::uuid IS NULL OR checkout_id > :after_id
 ORDER BY checkout_id
 LIMIT :most

-- name: keep_callback$
-- Nothing, when the same event was heard before.
INSERT INTO callback (callback_id, provider, event_id, checkout_id, body, outcome, received_at)
VALUES (:callback_id, :provider, :event_id, :checkout_id, :body, :outcome, :now)
    ON CONFLICT (provider, event_id) DO NOTHING
RETURNING TRUE

-- name: charge_known^
-- Whether a provider's charge is a payment or held already, whatever checkout it was said of.
SELECT payment_id, held_id
  FROM (SELECT payment.payment_id, NULL::uuid AS held_id
          FROM payment
         WHERE payment.source = :source AND payment.external_id = :external_id
         UNION ALL
        SELECT held_payment.our_payment_id, held_payment.held_id
          FROM held_payment
         WHERE held_payment.source = :source AND held_payment.payment_id = :external_id) AS known
 LIMIT 1

-- name: hold_charge!
INSERT INTO held_payment (held_id, source, payment_id, operator_id, amount_minor, currency, invoice_id, method,
                          paid_on, payer_reference, reason, received_at, customer_id, checkout_id)
VALUES (:held_id, :source, :external_id, :operator_id, :amount_minor, :currency, :invoice_id, :method,
        :paid_on, :reference, :reason, :now, :customer_id, :checkout_id)
