-- name: an_erased_customer_is_forgotten
-- Every column that may hold a word of theirs, in every schema; never the word itself is shown.
WITH erased AS MATERIALIZED (
  SELECT id, code, 'Erased customer ' || code AS name, erased_at
    FROM invoicing.customer
   WHERE erased_at IS NOT NULL
), kept AS (
  SELECT 'invoicing.invoice' AS relation, invoice.id::text AS id
    FROM erased
    JOIN invoicing.invoice ON invoice.customer_id = erased.id
   WHERE invoice.customer_name <> erased.name OR invoice.customer_mobile IS NOT NULL
   UNION ALL
  SELECT 'invoicing.import_change', change.import_id || '/' || change.customer_id
    FROM erased
    JOIN invoicing.import_change AS change ON change.customer_id = erased.id
   UNION ALL
  SELECT 'payments.customer_known', known.customer_id::text
    FROM erased
    JOIN payments.customer_known AS known ON known.customer_id = erased.id
   WHERE known.name <> erased.name OR known.mobile IS NOT NULL
   UNION ALL
  SELECT 'payments.payment', payment.payment_id::text
    FROM erased
    JOIN payments.payment ON payment.customer_id = erased.id
   WHERE payment.reference IS NOT NULL OR payment.note IS NOT NULL OR payment.reversal_reason <> 'erased'
   UNION ALL
  SELECT 'payments.held_payment', held.held_id::text
    FROM erased
    JOIN payments.payment ON payment.customer_id = erased.id
    JOIN payments.held_payment AS held ON held.our_payment_id = payment.payment_id
   WHERE held.payer_reference IS NOT NULL
   UNION ALL
  SELECT 'payments.refund', refund.refund_id::text
    FROM erased
    JOIN payments.refund ON refund.customer_id = erased.id
   WHERE refund.reason <> 'erased'
   UNION ALL
  SELECT 'payments.callback', callback.callback_id::text
    FROM erased
    JOIN payments.checkout ON checkout.customer_id = erased.id
    JOIN payments.callback ON callback.checkout_id = checkout.checkout_id
   WHERE callback.body IS NOT NULL
   UNION ALL
  SELECT 'notifications.message', message.message_id::text
    FROM erased
    JOIN notifications.message ON message.customer_id = erased.id
   WHERE message.mobile IS NOT NULL OR message.sealed_text IS NOT NULL
   UNION ALL
  SELECT 'notifications.sandbox_message', sandbox.message_id::text
    FROM erased
    JOIN notifications.message ON message.customer_id = erased.id
    JOIN notifications.sandbox_message AS sandbox ON sandbox.message_id = message.message_id
   UNION ALL
  SELECT 'documents.file', file.blob_key
    FROM erased
    JOIN documents.file ON file.customer_id = erased.id
   WHERE file.used_at < erased.erased_at
   UNION ALL
  SELECT 'gateway.customer', customer.id::text
    FROM erased
    JOIN gateway.customer ON customer.id = erased.id
   WHERE (customer.name, customer.address) <> (erased.name, '')
      OR coalesce(customer.mobile, customer.alternate_mobile) IS NOT NULL
   UNION ALL
  SELECT 'gateway.bill', bill.id::text
    FROM erased
    JOIN gateway.bill ON bill.customer_id = erased.id
   WHERE bill.customer_name <> erased.name OR bill.customer_mobile IS NOT NULL
   UNION ALL
  SELECT 'gateway.payment', payment.id::text
    FROM erased
    JOIN gateway.payment ON payment.customer_id = erased.id
   WHERE payment.reference IS NOT NULL OR payment.note IS NOT NULL
   UNION ALL
  SELECT 'gateway.refund', refund.id::text
    FROM erased
    JOIN gateway.refund ON refund.customer_id = erased.id
   WHERE refund.reason <> 'erased'
   UNION ALL
  SELECT 'gateway.message', message.id::text
    FROM erased
    JOIN gateway.message ON message.customer_id = erased.id
   WHERE message.mobile_tail <> ''
   UNION ALL
  SELECT 'gateway.operation', operation.id::text
    FROM erased
    JOIN gateway.operation
      ON operation.state <> 'pending' AND operation.created_at < erased.erased_at
     AND (operation.subject_id = erased.id OR operation.key = erased.id::text)
   WHERE operation.payload IS NOT NULL
   UNION ALL
  SELECT 'gateway.document', document.id::text
    FROM erased
    JOIN gateway.document ON document.subject_id = erased.id AND document.asked_at < erased.erased_at
), letters AS (
  SELECT 'invoicing.dead_letter' AS relation, id, value FROM invoicing.dead_letter
   UNION ALL
  SELECT 'payments.dead_letter', id, value FROM payments.dead_letter
   UNION ALL
  SELECT 'notifications.dead_letter', id, value FROM notifications.dead_letter
   UNION ALL
  SELECT 'documents.dead_letter', id, value FROM documents.dead_letter
   UNION ALL
  SELECT 'gateway.dead_letter', id, value FROM gateway.dead_letter
)
SELECT kept.relation, kept.id, 'nothing personal of an erased customer' AS expected, 'something' AS found
  FROM kept
 UNION ALL
SELECT letters.relation, letters.id::text, 'nothing personal of an erased customer',
       'a record about ' || erased.id || ': redrive or discard it'
  FROM erased
  JOIN letters ON position(convert_to(erased.id::text, 'UTF8') IN letters.value) > 0
               OR position(convert_to('"' || erased.code || '"', 'UTF8') IN letters.value) > 0

-- name: every_service_knows_who_was_erased
-- By its tombstone a service tells what comes late.
WITH known AS (
  SELECT 'invoicing.erased_customer' AS relation, customer_id FROM invoicing.erased_customer
   UNION ALL
  SELECT 'payments.erased_customer', customer_id FROM payments.erased_customer
   UNION ALL
  SELECT 'notifications.erased_customer', customer_id FROM notifications.erased_customer
   UNION ALL
  SELECT 'documents.erased_customer', customer_id FROM documents.erased_customer
   UNION ALL
  SELECT 'gateway.erased_customer', customer_id FROM gateway.erased_customer
)
SELECT service.relation, customer.id::text AS id, 'erased' AS expected, 'unknown' AS found
  FROM invoicing.customer
 CROSS JOIN unnest(ARRAY['invoicing.erased_customer', 'payments.erased_customer', 'notifications.erased_customer',
                         'documents.erased_customer', 'gateway.erased_customer']) AS service (relation)
  LEFT JOIN known ON known.relation = service.relation AND known.customer_id = customer.id
 WHERE customer.erased_at IS NOT NULL AND known.customer_id IS NULL
