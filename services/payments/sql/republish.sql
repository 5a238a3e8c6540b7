-- name: start_republish!
INSERT INTO republish_job (command_id, envelope, subjects, asked_at)
VALUES (:command_id, :envelope::jsonb, :subjects, :asked_at)
    ON CONFLICT DO NOTHING

-- name: open_republish^
SELECT command_id, envelope, subjects, said, after_id, last_outbox_id
  FROM republish_job
 WHERE completed_at IS NULL
 ORDER BY command_id
 LIMIT 1
   FOR UPDATE SKIP LOCKED

-- name: advance_republish!
UPDATE republish_job
   SET said = :said, after_id = :after_id,
       last_outbox_id = coalesce((SELECT max(outbox.id) FROM outbox WHERE outbox.lane = 1), last_outbox_id)
 WHERE command_id = :command_id

-- name: complete_republish!
UPDATE republish_job
   SET completed_at = :now
 WHERE command_id = :command_id

-- name: is_outbox_sent$
-- Looked up a lane: the outbox has no index by id alone. What a republish says goes to topics of our own;
-- a row that waits for anybody else's, which may be missing, holds up none of it.
SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE lane = 0 AND id <= :last_outbox_id AND topic LIKE 'payments.%')
   AND NOT EXISTS (SELECT 1 FROM outbox WHERE lane = 1 AND id <= :last_outbox_id AND topic LIKE 'payments.%')

-- name: accounts_after
-- As many as have so much money to be said together, but one at least: who has paid for years has as much as
-- dozens who came last month.
SELECT customer_id
  FROM (SELECT customer_id, sum(states) OVER (ORDER BY customer_id) - states AS states_before
          FROM (SELECT customer_id,
                       (SELECT count(*) FROM payment WHERE payment.customer_id = account.customer_id)
                       + (SELECT count(*) FROM receivable WHERE receivable.customer_id = account.customer_id) AS states
                  FROM account
                 WHERE (:after_id::uuid IS NULL OR customer_id > :after_id)
                   AND version > 0
                 ORDER BY customer_id
                 LIMIT :most) AS counted) AS summed
 WHERE states_before < :most_states::bigint
 ORDER BY customer_id

-- name: accounts_to_say
-- Without row locks: money goes on moving, and what moves is said after this under its own, newer version.
SELECT customer_id, credit_minor, version, settled_minor, NULL::uuid AS operator_id
  FROM account
 WHERE customer_id = ANY(:customer_ids::uuid[])

-- name: payments_to_say
-- With their allocations in one statement: a version and what belongs to it are of one moment.
SELECT payment_id, customer_id, operator_id, invoice_id, amount_minor, credit_minor, refunded_minor, currency, method, paid_on,
       recorded_at, recorded_by, recorded_by_name, recorded_by_id, source, external_id, reference, note, reversed, reversal_reason, reversed_at,
       reversed_by, version,
       ARRAY(SELECT allocation.invoice_id FROM allocation
              WHERE allocation.payment_id = payment.payment_id ORDER BY allocation.invoice_id) AS invoice_ids,
       ARRAY(SELECT allocation.amount_minor FROM allocation
              WHERE allocation.payment_id = payment.payment_id ORDER BY allocation.invoice_id) AS amounts
  FROM payment
 WHERE customer_id = ANY(:customer_ids::uuid[])

-- name: held_after
SELECT held_id, source, partner_name, payment_id, event_id, operator_id, amount_minor, currency, invoice_id,
       invoice_number, customer_code, method, paid_on, payer_reference, reason, received_at, state,
       our_payment_id, rejection_reason, customer_id, checkout_id, version
  FROM held_payment
 WHERE :after_id::uuid IS NULL OR held_id > :after_id
 ORDER BY held_id
 LIMIT :most

-- name: partners_after
SELECT partner_id, name, operator_id, active, paused, key_changed_at, bytes_per_second, version
  FROM partner
 WHERE :after_id::uuid IS NULL OR partner_id > :after_id
 ORDER BY partner_id
 LIMIT :most
