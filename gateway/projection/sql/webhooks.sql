-- name: has_webhooks$
SELECT EXISTS (SELECT 1 FROM webhook_endpoint WHERE enabled)

-- name: paid_before_their_bills
-- Money that came before its invoice: the bill is paid when it is issued.
SELECT id, receivable_version
  FROM bill
 WHERE id = ANY (:ids::uuid[]) AND issued_on IS NULL AND receivable_status = 'paid'

-- name: already_paid
SELECT id
  FROM bill
 WHERE id = ANY (:ids::uuid[]) AND receivable_status = 'paid'

-- name: tell_webhooks!
-- To every endpoint of the operator and of those above it that asks for such events, once. Nothing from before it
-- was made, and nothing that is older than messages are remembered: a republish says old states again.
INSERT INTO webhook_message (id, endpoint_id, event_id, type, subject_id, occurred_at, not_before, traceparent)
SELECT uuidv7(), endpoint.id, event.event_id, event.type, event.subject_id, event.occurred_at, :now::timestamptz,
       event.traceparent
  FROM unnest(:event_ids::uuid[], :types::text[], :subject_ids::uuid[], :operator_ids::uuid[],
              :bill_ids::uuid[], :occurred_ats::timestamptz[], :traceparents::text[])
    AS event (event_id, type, subject_id, operator_id, bill_id, occurred_at, traceparent)
  LEFT JOIN bill ON bill.id = event.bill_id
  JOIN operator ON operator.id = coalesce(event.operator_id, bill.operator_id)
  JOIN webhook_endpoint AS endpoint
    ON endpoint.enabled AND endpoint.operator_id = ANY (operator.path) AND event.type = ANY (endpoint.types)
 WHERE event.occurred_at >= endpoint.created_at AND event.occurred_at > :now::timestamptz - interval '14 days'
 ORDER BY endpoint.id, event.event_id
    ON CONFLICT (endpoint_id, event_id) DO NOTHING
