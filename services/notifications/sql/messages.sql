-- name: add_messages
-- The same message under two commands is one message: the first stands.
INSERT INTO message (message_id, customer_id, operator_id, invoice_id, bulk_action_id, template, language, mobile,
                     sealed_text, segments, is_unicode, state, gateway_id, is_test, code, detail, lane, not_before,
                     not_after, test_envelope, traceparent, created_at, changed_at, version)
SELECT added.message_id, added.customer_id, added.operator_id, added.invoice_id, added.bulk_action_id,
       added.template, added.language, added.mobile, added.sealed_text, added.segments, added.is_unicode,
       added.state, added.gateway_id, added.is_test, added.code, added.detail, added.lane, clock_timestamp(),
       added.not_after, added.test_envelope, added.traceparent, :now, :now, 1
  FROM unnest(:message_ids::uuid[], :customer_ids::uuid[], :operator_ids::uuid[], :invoice_ids::uuid[],
              :bulk_action_ids::uuid[], :templates::text[], :languages::text[], :mobiles::text[],
              :sealed_texts::text[], :segments::bigint[], :are_unicode::boolean[], :states::text[],
              :gateway_ids::uuid[], :are_tests::boolean[], :codes::text[], :details::text[], :lanes::smallint[],
              :not_after::timestamptz[], :test_envelopes::jsonb[], :traceparents::text[])
       AS added (message_id, customer_id, operator_id, invoice_id, bulk_action_id, template, language, mobile,
                 sealed_text, segments, is_unicode, state, gateway_id, is_test, code, detail, lane, not_after,
                 test_envelope, traceparent)
 ORDER BY added.message_id
    ON CONFLICT (message_id) DO NOTHING
RETURNING message_id

-- name: messages
SELECT message_id, customer_id, operator_id, invoice_id, bulk_action_id, template, language, mobile, sealed_text,
       segments, is_unicode, state, gateway_id, provider, is_test, tried, may_pass, tries, asks, code, detail,
       reference, cost_minor, lane, not_after, holder, test_envelope, traceparent, created_at, changed_at,
       version
  FROM message
 WHERE message_id = ANY (:message_ids::uuid[])

-- name: lock_message^
SELECT message_id, customer_id, operator_id, invoice_id, bulk_action_id, template, language, mobile, sealed_text,
       segments, is_unicode, state, gateway_id, provider, is_test, tried, may_pass, tries, asks, code, detail,
       reference, cost_minor, lane, not_after, holder, test_envelope, traceparent, created_at, changed_at,
       version
  FROM message
 WHERE message_id = :message_id
   FOR UPDATE

-- name: claim
-- Real time on purpose: a lease is about processes, not about billing.
WITH due AS (
  SELECT message_id
    FROM message
   WHERE state = 'queued' AND gateway_id = :gateway_id AND lane <= :highest_lane
     AND not_before <= clock_timestamp()
   ORDER BY lane, not_before, message_id
   LIMIT :most
     FOR UPDATE SKIP LOCKED
)
UPDATE message
   SET state = 'sending', provider = :provider, holder = :holder,
       lease_until = clock_timestamp() + make_interval(secs => :lease_seconds), tries = message.tries + 1,
       code = NULL, detail = NULL, cost_minor = message.segments * :cost_per_segment_minor::bigint,
       changed_at = :now, version = message.version + 1
  FROM due
 WHERE message.message_id = due.message_id
RETURNING message.message_id, message.customer_id, message.operator_id, message.invoice_id, message.bulk_action_id,
          message.template, message.language, message.mobile, message.sealed_text, message.segments,
          message.is_unicode, message.state, message.gateway_id, message.provider, message.is_test, message.tried,
          message.may_pass, message.tries, message.asks, message.code, message.detail, message.reference,
          message.cost_minor, message.lane, message.not_after, message.holder, message.test_envelope,
          message.traceparent, message.created_at, message.changed_at, message.version

-- name: save_message!
UPDATE message
   SET state = :state, gateway_id = :gateway_id, tried = :tried, may_pass = :may_pass, asks = :asks, code = :code,
       detail = :detail, reference = :reference, cost_minor = :cost_minor,
       not_before = clock_timestamp() + make_interval(secs => :pause_seconds),
       lease_until = CASE WHEN :state = 'sending' THEN lease_until END,
       test_envelope = CASE WHEN :state IN ('queued', 'sending') THEN test_envelope END,
       ask_at = clock_timestamp() + make_interval(secs => :ask_seconds), changed_at = :now, version = version + 1
 WHERE message_id = :message_id

-- name: lost_leases
-- Whoever held them died or stands still; what they have sent nobody knows.
SELECT message_id
  FROM message
 WHERE state = 'sending' AND lease_until < clock_timestamp()
 ORDER BY message_id
 LIMIT :most
   FOR UPDATE SKIP LOCKED

-- name: expired
SELECT message_id
  FROM message
 WHERE state = 'queued' AND not_after < :now
 ORDER BY message_id
 LIMIT :most
   FOR UPDATE SKIP LOCKED

-- name: claim_question^
-- Asked by one replica at a time: the next question is put off before this one is asked.
UPDATE message
   SET ask_at = clock_timestamp() + make_interval(secs => :lease_seconds)
 WHERE message_id = (
       SELECT next.message_id
         FROM message AS next
        WHERE next.ask_at <= clock_timestamp()
        ORDER BY next.ask_at
        LIMIT 1
          FOR UPDATE SKIP LOCKED)
RETURNING message_id

-- name: lock_queued_of
-- What waits for other gateways than before: those of an operator and of everybody below.
SELECT message.message_id, message.operator_id, message.gateway_id, message.tried
  FROM message
  JOIN operator ON operator.operator_id = message.operator_id
 WHERE message.state = 'queued' AND NOT message.is_test AND :operator_id = ANY (operator.path)
 ORDER BY message.message_id
   FOR UPDATE OF message

-- name: reroute!
UPDATE message
   SET gateway_id = routed.gateway_id, tried = '{}', not_before = clock_timestamp()
  FROM unnest(:message_ids::uuid[], :gateway_ids::uuid[]) AS routed (message_id, gateway_id)
 WHERE message.message_id = routed.message_id

-- name: begin_attempts!
INSERT INTO attempt (message_id, number, gateway_id, provider, began_at)
SELECT begun.message_id, begun.number, :gateway_id, :provider, :now
  FROM unnest(:message_ids::uuid[], :numbers::bigint[]) AS begun (message_id, number)

-- name: versions_known
SELECT message_id, version
  FROM message
 WHERE message_id = ANY (:message_ids::uuid[])

-- name: end_attempts_heard_of!
-- What the backup saw under way has ended since.
UPDATE attempt
   SET ended_at = heard.at, outcome = heard.outcome
  FROM unnest(:message_ids::uuid[], :outcomes::text[], :ats::timestamptz[]) AS heard (message_id, outcome, at)
 WHERE attempt.message_id = heard.message_id AND attempt.outcome IS NULL

-- name: add_attempts_heard_of!
-- One attempt at most may have sent a message, whoever remembers it.
INSERT INTO attempt (message_id, number, gateway_id, provider, began_at, ended_at, outcome)
SELECT heard.message_id,
       1 + coalesce((SELECT max(number) FROM attempt WHERE attempt.message_id = heard.message_id), 0),
       heard.gateway_id, heard.provider, heard.at, heard.at, heard.outcome
  FROM unnest(:message_ids::uuid[], :gateway_ids::uuid[], :providers::text[], :outcomes::text[],
              :ats::timestamptz[])
       AS heard (message_id, gateway_id, provider, outcome, at)
 WHERE heard.gateway_id IS NOT NULL AND heard.provider IS NOT NULL AND heard.outcome <> 'not-taken'
   AND NOT EXISTS (SELECT FROM attempt
                    WHERE attempt.message_id = heard.message_id AND attempt.outcome <> 'not-taken')

-- name: learn_messages!
-- As the world heard of them: neither text nor number. A message whose end nobody knows is asked about at once.
INSERT INTO message (message_id, customer_id, operator_id, invoice_id, bulk_action_id, template, language, segments,
                     is_unicode, state, gateway_id, provider, is_test, tries, code, detail, cost_minor, lane,
                     not_before, not_after, ask_at, created_at, changed_at, version)
SELECT heard.message_id, heard.customer_id, heard.operator_id, heard.invoice_id, heard.bulk_action_id,
       heard.template, heard.language, heard.segments, heard.language = 'bn', heard.state, heard.gateway_id,
       heard.provider, heard.customer_id IS NULL, attempted.tries, heard.code, heard.detail, heard.cost_minor,
       CASE WHEN heard.bulk_action_id IS NULL THEN 0 ELSE 1 END, heard.at, heard.at,
       CASE WHEN heard.state = 'unknown' THEN clock_timestamp() END, heard.at, heard.at, heard.version
  FROM unnest(:message_ids::uuid[], :customer_ids::uuid[], :operator_ids::uuid[], :invoice_ids::uuid[],
              :bulk_action_ids::uuid[], :templates::text[], :languages::text[], :segments::bigint[],
              :states::text[], :gateway_ids::uuid[], :providers::text[], :codes::text[], :details::text[],
              :costs_minor::bigint[], :ats::timestamptz[], :versions::bigint[])
       AS heard (message_id, customer_id, operator_id, invoice_id, bulk_action_id, template, language, segments,
                 state, gateway_id, provider, code, detail, cost_minor, at, version)
 CROSS JOIN LATERAL (SELECT coalesce(max(attempt.number), 0) AS tries
                       FROM attempt
                      WHERE attempt.message_id = heard.message_id) AS attempted
 ORDER BY heard.message_id
    ON CONFLICT (message_id) DO UPDATE
   SET state = EXCLUDED.state, gateway_id = EXCLUDED.gateway_id, provider = EXCLUDED.provider,
       tries = EXCLUDED.tries, code = EXCLUDED.code, detail = EXCLUDED.detail, cost_minor = EXCLUDED.cost_minor,
       holder = NULL, lease_until = NULL, ask_at = EXCLUDED.ask_at, changed_at = EXCLUDED.changed_at,
       version = EXCLUDED.version

-- name: end_attempt!
UPDATE attempt
   SET ended_at = :now, outcome = :outcome, code = :code, detail = :detail, reference = :reference
 WHERE message_id = :message_id AND number = :number

-- name: attempt^
SELECT message_id, number, gateway_id, provider, began_at, ended_at, outcome
  FROM attempt
 WHERE message_id = :message_id AND number = :number
