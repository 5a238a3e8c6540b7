-- name: start_republish!
INSERT INTO republish (command_id, envelope, said, last_outbox_id)
VALUES (:command_id, :envelope, 'gateways', 0)
    ON CONFLICT (command_id) DO NOTHING

-- name: open_republish^
SELECT command_id, envelope, said, after_id, last_outbox_id
  FROM republish
 WHERE completed_at IS NULL
 ORDER BY command_id
 LIMIT 1
   FOR UPDATE SKIP LOCKED

-- name: advance_republish!
UPDATE republish
   SET said = :said, after_id = :after_id,
       last_outbox_id = coalesce((SELECT max(id) FROM outbox WHERE lane = 1), last_outbox_id)
 WHERE command_id = :command_id

-- name: is_outbox_sent$
-- What a republish says travels in the bulk lane.
SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE lane = 1 AND id <= :last_outbox_id)

-- name: complete_republish!
UPDATE republish
   SET completed_at = :now
 WHERE command_id = :command_id

-- name: gateways_after
SELECT gateway_id, operator_id, provider, priority, enabled, base_url, settings, secret_sealed_at,
       sending_from, sending_until, per_minute, cost_per_segment_minor, removed, changed_by, changed_at, version
  FROM sms_gateway
 WHERE :after_id::uuid IS NULL OR gateway_id > :after_id
 ORDER BY gateway_id
 LIMIT :most

-- name: templates_after
SELECT operator_id, template, language, text, changed_by, changed_at, version
  FROM sms_template
 WHERE operator_id IN (SELECT DISTINCT own.operator_id
                         FROM sms_template AS own
                        WHERE :after_id::uuid IS NULL OR own.operator_id > :after_id
                        ORDER BY own.operator_id
                        LIMIT :most)
 ORDER BY operator_id, template, language

-- name: messages_after
SELECT message_id, customer_id, operator_id, invoice_id, bulk_action_id, template, language, mobile, sealed_text,
       segments, is_unicode, state, gateway_id, provider, is_test, tried, may_pass, tries, asks, code, detail,
       reference, cost_minor, lane, not_after, holder, test_envelope, traceparent, created_at, changed_at,
       version
  FROM message
 WHERE :after_id::uuid IS NULL OR message_id > :after_id
 ORDER BY message_id
 LIMIT :most
