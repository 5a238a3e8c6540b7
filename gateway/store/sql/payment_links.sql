-- name: last_links
-- The newest link of each bill alone: ids are in the order of their making.
SELECT DISTINCT ON (bill_id) bill_id, id, state, opened_at, expires_at, version
  FROM payment_link
 WHERE bill_id = ANY (:bill_ids::uuid[]) AND further_bill_ids = '{}'
 ORDER BY bill_id, id DESC

-- name: last_sent
-- The newest link of each bill alone, and the newest message about it, however late the ones before were delivered;
-- a bill without either is not there.
SELECT bill_id, link.id AS link_id, link.state AS link_state, link.opened_at AS link_opened_at,
       link.expires_at AS link_expires_at, message.id AS message_id, message.state AS message_state,
       message.at AS message_at, message.code AS message_code, message.detail AS message_detail
  FROM unnest(:bill_ids::uuid[]) AS bill_id
  LEFT JOIN LATERAL (
        SELECT id, state, opened_at, expires_at
          FROM payment_link
         WHERE payment_link.bill_id = bill_id.bill_id AND further_bill_ids = '{}'
         ORDER BY id DESC
         LIMIT 1) AS link ON true
  LEFT JOIN LATERAL (
        SELECT id, state, at, code, detail
          FROM message
         WHERE message.bill_id = bill_id.bill_id
         ORDER BY first_at DESC, id DESC
         LIMIT 1) AS message ON true
 WHERE link.id IS NOT NULL OR message.id IS NOT NULL

-- name: links_of_bill
SELECT id, state, opened_at, expires_at, version
  FROM payment_link
 WHERE bill_id = :bill_id AND further_bill_ids = '{}'
 ORDER BY id

-- name: link_to_these$
-- An open link to exactly these bills of a customer, in their order, that lasts long enough to pay by.
SELECT id
  FROM payment_link
 WHERE bill_id = :bill_id AND further_bill_ids = :further::uuid[] AND state = 'active' AND expires_at > :lasts_until
 ORDER BY id DESC
 LIMIT 1

-- name: messages_of_bill
SELECT id, template, state, provider, code, detail, mobile_tail, segments, cost_minor, first_at, at, version
  FROM message
 WHERE bill_id = :bill_id
 ORDER BY first_at, id

-- name: checkouts_of_bill
-- Those of several bills are few, and found among the customer's.
SELECT id, provider, reference, amount_minor, currency, state, external_id, problem, created_at, version
  FROM checkout
 WHERE bill_id = :bill_id
    OR (further_bill_ids <> '{}' AND :bill_id = ANY (further_bill_ids)
        AND customer_id = (SELECT bill.customer_id FROM bill WHERE bill.id = :bill_id))
 ORDER BY created_at, id

-- name: payment_link_by_id^
SELECT id, bill_id, further_bill_ids, customer_id, state, opened_at, expires_at, version
  FROM payment_link
 WHERE id = :id

-- name: message_by_id^
SELECT message.id, message.bill_id, message.customer_id, message.operator_id, message.template, message.state,
       message.provider, message.code, message.detail, message.mobile_tail, message.segments, message.cost_minor,
       message.first_at, message.at, message.version
  FROM message
 WHERE message.id = :id

-- name: bills_for_links
-- What a link to each bill needs. A customer who can be seen has the mobile of now; one who has moved, that of the bill.
SELECT wanted.id AS bill_id, wanted.position, bill.id IS NOT NULL AS is_known, bill.status, bill.customer_id, bill.currency,
       bill.balance_minor, bill.operator_id, bill.number, bill.period, bill.due_on,
       bill.customer_code, bill.customer_name,
       CASE WHEN customer.id IS NULL THEN bill.customer_mobile ELSE customer.mobile END AS mobile
  FROM unnest(:bill_ids::uuid[]) WITH ORDINALITY AS wanted (id, position)
  LEFT JOIN bill ON bill.id = wanted.id AND bill.issued_on IS NOT NULL
  LEFT JOIN customer ON customer.id = bill.customer_id
 ORDER BY wanted.position

-- name: messages_of_action^
-- What became of the messages of a bulk action, and of the links that they carried: a link's command bears its id.
SELECT count(*) FILTER (WHERE message.state IN ('queued', 'sending')) AS waiting,
       count(*) FILTER (WHERE message.state = 'sent') AS sent,
       count(*) FILTER (WHERE message.state = 'delivered') AS delivered,
       count(*) FILTER (WHERE message.state = 'failed') AS failed,
       count(*) FILTER (WHERE message.state = 'unknown') AS unknown,
       coalesce(sum(message.segments), 0)::bigint AS segments,
       coalesce(sum(message.cost_minor), 0)::bigint AS cost_minor,
       (SELECT count(*) FILTER (WHERE payment_link.opened_at IS NOT NULL)
          FROM bulk_action_item AS item
          JOIN payment_link ON payment_link.id = item.command_id
         WHERE item.action_id = :action_id) AS opened,
       (SELECT count(*) FILTER (WHERE payment_link.state = 'paid')
          FROM bulk_action_item AS item
          JOIN payment_link ON payment_link.id = item.command_id
         WHERE item.action_id = :action_id) AS paid
  FROM message
 WHERE message.bulk_action_id = :action_id

-- name: messages_of_action_to_look_at
-- Those that did not go out, or may not have.
SELECT message.id, message.bill_id, message.state, message.provider, message.code, message.detail, message.mobile_tail,
       bill.number, bill.customer_name
  FROM message
  LEFT JOIN bill ON bill.id = message.bill_id AND bill.issued_on IS NOT NULL
 WHERE message.bulk_action_id = :action_id AND message.state IN ('failed', 'unknown')
 ORDER BY message.state DESC, message.first_at, message.id
 LIMIT :limit

-- name: versions_of_bills
SELECT id, invoice_version + receivable_version AS version
  FROM bill
 WHERE id = ANY (:bill_ids::uuid[]) AND issued_on IS NOT NULL
