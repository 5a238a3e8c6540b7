-- name: runs_exported
SELECT run.id, run.period, run.kind, run.state, run.dry_run, operator.name AS operator, run.expected, run.created,
       run.already_billed, (SELECT coalesce(sum(value::bigint), 0) FROM jsonb_each_text(run.skipped)) AS skipped,
       run.failed, run.total_minor, run.currency, run.requested_by, run.started_at, run.completed_at
  FROM run
  LEFT JOIN operator ON operator.id = run.operator_id
 WHERE (:after::uuid IS NULL OR run.id > :after)
 ORDER BY run.id
 LIMIT :limit

-- name: held_payments_exported
SELECT held_payment.id, held_payment.received_at, held_payment.source, held_payment.payment_id,
       held_payment.amount_minor, held_payment.currency, held_payment.reason, held_payment.state,
       operator.name AS operator
  FROM held_payment
  LEFT JOIN operator ON operator.id = held_payment.operator_id
 WHERE (:state::text IS NULL OR held_payment.state = :state)
   AND (:after::uuid IS NULL OR held_payment.id > :after)
 ORDER BY held_payment.id
 LIMIT :limit
