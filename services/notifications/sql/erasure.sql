-- name: lock_queued_to
-- What a sender holds at this moment is left to it.
SELECT message_id, customer_id, operator_id, invoice_id, bulk_action_id, template, language, mobile, sealed_text,
       segments, is_unicode, state, gateway_id, provider, is_test, tried, may_pass, tries, asks, code, detail,
       reference, cost_minor, lane, not_after, holder, test_envelope, traceparent, created_at, changed_at,
       version
  FROM message
 WHERE customer_id = :customer_id AND state = 'queued'
 ORDER BY message_id
   FOR UPDATE SKIP LOCKED

-- name: erase_from_messages
-- A newer version without the number's end takes the place of what was said with it.
UPDATE message
   SET mobile = NULL, sealed_text = NULL, detail = NULL, version = version + 1
 WHERE customer_id = :customer_id AND state NOT IN ('queued', 'sending') AND ask_at IS NULL
   AND (mobile IS NOT NULL OR sealed_text IS NOT NULL)
RETURNING message_id, customer_id, operator_id, invoice_id, bulk_action_id, template, language, mobile, sealed_text,
          segments, is_unicode, state, gateway_id, provider, is_test, tried, may_pass, tries, asks, code, detail,
          reference, cost_minor, lane, not_after, holder, test_envelope, traceparent, created_at, changed_at,
          version

-- name: erase_from_attempts!
UPDATE attempt
   SET detail = NULL
 WHERE detail IS NOT NULL
   AND message_id IN (SELECT message.message_id FROM message WHERE message.customer_id = :customer_id)

-- name: forget_in_the_sandbox!
DELETE FROM sandbox_message
 WHERE message_id IN (SELECT message.message_id FROM message WHERE message.customer_id = :customer_id)

-- name: is_message_under_way$
-- A provider that is asked about a message is asked by its number.
SELECT EXISTS (SELECT FROM message WHERE customer_id = :customer_id AND (state IN ('queued', 'sending') OR ask_at IS NOT NULL))
