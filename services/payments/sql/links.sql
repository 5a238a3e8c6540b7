-- name: save_links!
-- Arrays of arrays would have to be of one length: further bills come as texts.
INSERT INTO payment_link (link_id, invoice_id, further_invoice_ids, customer_id, token_hash, language, message_id,
                          created_at, expires_at)
SELECT made.link_id, made.invoice_id, made.further_invoice_ids::uuid[], made.customer_id, made.token_hash,
       made.language, made.message_id, :now, made.expires_at
  FROM unnest(:link_ids::uuid[], :invoice_ids::uuid[], :further::text[], :customer_ids::uuid[],
              :token_hashes::text[], :languages::text[], :message_ids::uuid[], :expires::timestamptz[])
       AS made (link_id, invoice_id, further_invoice_ids, customer_id, token_hash, language, message_id, expires_at)
 ORDER BY made.invoice_id

-- name: end_links
-- Behind the accounts of their customers: links of one bill are made and ended one after another.
UPDATE payment_link
   SET state = :state, version = version + 1
 WHERE invoice_id = ANY(:invoice_ids::uuid[]) AND state = 'active' AND further_invoice_ids = '{}'
RETURNING link_id, invoice_id, further_invoice_ids, customer_id, token_hash, state, opened_at, expires_at, version, message_id

-- name: end_settled_links
-- Links of bills that are paid or void by now, and those to several of their customers' on which nothing is owed.
UPDATE payment_link
   SET state = CASE WHEN further_invoice_ids = '{}' AND invoice_id = ANY(:void_ids::uuid[]) THEN 'revoked' ELSE 'paid' END,
       version = version + 1
 WHERE state = 'active'
   AND link_id IN (
       SELECT of_one.link_id
         FROM payment_link AS of_one
        WHERE of_one.invoice_id = ANY(:paid_ids::uuid[] || :void_ids::uuid[])
          AND of_one.state = 'active' AND of_one.further_invoice_ids = '{}'
        UNION ALL
       SELECT of_several.link_id
         FROM payment_link AS of_several
        WHERE of_several.customer_id = ANY(:customer_ids::uuid[])
          AND of_several.state = 'active' AND of_several.further_invoice_ids <> '{}'
          AND NOT EXISTS (SELECT 1 FROM receivable
                           WHERE receivable.invoice_id = ANY (of_several.invoice_id || of_several.further_invoice_ids)
                             AND receivable.paid_minor < receivable.total_minor AND NOT receivable.voided))
RETURNING link_id, invoice_id, further_invoice_ids, customer_id, token_hash, state, opened_at, expires_at, version,
          message_id

-- name: links_by_id
SELECT link_id, invoice_id, further_invoice_ids, customer_id, token_hash, state, opened_at, expires_at, version
  FROM payment_link
 WHERE link_id = ANY(:link_ids::uuid[])

-- name: link_by_token^
SELECT link_id, invoice_id, further_invoice_ids, customer_id, token_hash, language, state, opened_at, expires_at, version
  FROM payment_link
 WHERE token_hash = :token_hash

-- name: open_link^
UPDATE payment_link
   SET opened_at = :now, version = version + 1
 WHERE link_id = :link_id AND opened_at IS NULL
RETURNING link_id, invoice_id, further_invoice_ids, customer_id, token_hash, state, opened_at, expires_at, version

-- name: expire_links
-- What somebody is just paying is left for the next tick.
UPDATE payment_link
   SET state = 'expired', version = version + 1
 WHERE link_id = ANY (ARRAY(
       SELECT link_id
         FROM payment_link
        WHERE state = 'active' AND expires_at <= :now
        ORDER BY expires_at
        LIMIT 500
          FOR UPDATE SKIP LOCKED))
RETURNING link_id, invoice_id, further_invoice_ids, customer_id, token_hash, state, opened_at, expires_at, version

-- name: links_after
SELECT link_id, invoice_id, further_invoice_ids, customer_id, token_hash, state, opened_at, expires_at, version
  FROM payment_link
 WHERE :after_id::uuid IS NULL OR link_id > :after_id
 ORDER BY link_id
 LIMIT :most

-- name: link_lifetime$
SELECT link_valid_hours
  FROM installation

-- name: link_facts
-- What a message about a bill says, and whom it goes to.
SELECT receivable.invoice_id, receivable.customer_id, receivable.operator_id, receivable.number,
       receivable.currency, receivable.total_minor, receivable.paid_minor, receivable.period,
       receivable.due_on, receivable.voided, customer_known.code, customer_known.name, customer_known.mobile,
       operator_shown.name AS isp, operator_shown.phone, operator_shown.address, operator_shown.language,
       operator_shown.has_logo
  FROM receivable
  LEFT JOIN customer_known ON customer_known.customer_id = receivable.customer_id
  LEFT JOIN operator_shown ON operator_shown.operator_id = receivable.operator_id
 WHERE receivable.invoice_id = ANY(:invoice_ids::uuid[])

-- name: customer_facts
SELECT customer_known.customer_id, customer_known.operator_id, customer_known.code, customer_known.name,
       customer_known.mobile, operator_shown.name AS isp, operator_shown.language
  FROM customer_known
  LEFT JOIN operator_shown ON operator_shown.operator_id = customer_known.operator_id
 WHERE customer_known.customer_id = ANY(:customer_ids::uuid[])
