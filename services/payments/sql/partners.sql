-- name: partners
SELECT partner_id, name, operator_id, active, paused, key_changed_at, bytes_per_second, version
  FROM partner
 WHERE name = ANY(:names::text[])

-- name: add_partner!
INSERT INTO partner (partner_id, name, operator_id)
VALUES (:partner_id, :name, :operator_id)
    ON CONFLICT DO NOTHING

-- name: open_partner!
UPDATE partner
   SET active = TRUE, paused = FALSE, resumed_at = CASE WHEN paused THEN :now ELSE resumed_at END,
       version = version + 1
 WHERE name = :name AND NOT active

-- name: close_partner!
UPDATE partner
   SET active = FALSE, version = version + 1
 WHERE partner_id = :partner_id AND active

-- name: change_partner!
UPDATE partner
   SET operator_id = coalesce(:operator_id::uuid, operator_id), paused = coalesce(:paused::boolean, paused),
       resumed_at = CASE WHEN paused AND NOT :paused::boolean THEN :now ELSE resumed_at END, version = version + 1
 WHERE partner_id = :partner_id

-- name: note_partner_access!
UPDATE partner
   SET key_changed_at = :key_changed_at, bytes_per_second = :bytes_per_second, version = version + 1
 WHERE partner_id = :partner_id

-- name: partner_by_id^
SELECT partner_id, name, operator_id, active, paused, key_changed_at, bytes_per_second, version
  FROM partner
 WHERE partner_id = :partner_id

-- name: ask_for_topics!
INSERT INTO partner_request (command_id, partner_id, envelope)
VALUES (:command_id, :partner_id, :envelope::jsonb)
    ON CONFLICT DO NOTHING

-- name: partner_requests
SELECT partner_request.command_id, partner_request.envelope, partner.partner_id, partner.name,
       partner.operator_id, partner.active, partner.paused, partner.key_changed_at, partner.bytes_per_second,
       partner.version
  FROM partner_request
  JOIN partner ON partner.partner_id = partner_request.partner_id
 ORDER BY partner_request.command_id
 LIMIT 100

-- name: end_request$
DELETE FROM partner_request
 WHERE command_id = :command_id
RETURNING command_id

-- name: remember_events
-- Sorted, so that two batches that share ids wait for each other in one direction only.
INSERT INTO partner_event (partner_name, payment_id, amount_minor, currency, target)
SELECT event.partner_name, event.payment_id, event.amount_minor, event.currency, event.target
  FROM unnest(:partner_names::text[], :payment_ids::text[], :amounts::bigint[], :currencies::text[],
              :targets::text[])
       AS event (partner_name, payment_id, amount_minor, currency, target)
 ORDER BY event.partner_name, event.payment_id
    ON CONFLICT DO NOTHING
RETURNING partner_name, payment_id

-- name: remembered_events
SELECT event.partner_name, event.payment_id, event.amount_minor, event.currency, event.target,
       payment.payment_id AS our_payment_id
  FROM unnest(:partner_names::text[], :payment_ids::text[]) AS wanted (partner_name, payment_id)
  JOIN partner_event AS event
    ON event.partner_name = wanted.partner_name AND event.payment_id = wanted.payment_id
  LEFT JOIN payment
    ON payment.source = 'partner:' || event.partner_name AND payment.external_id = event.payment_id

-- name: bills_by_id
SELECT invoice_id, number, customer_id, operator_id, currency
  FROM receivable
 WHERE invoice_id = ANY(:invoice_ids::uuid[])

-- name: bills_by_number
SELECT invoice_id, number, customer_id, operator_id, currency
  FROM receivable
 WHERE number = ANY(:numbers::text[])

-- name: customers_by_code
SELECT customer_id, code, operator_id
  FROM customer_known
 WHERE code = ANY(:codes::text[])

-- name: operator_paths
SELECT operator_id, path
  FROM operator_known
 WHERE operator_id = ANY(:operator_ids::uuid[])
