-- name: customers_exported
-- In the order of their ids, which a file keeps the same from one time to the next.
SELECT customer.id, customer.code, customer.name, customer.mobile, customer.address, operator.code AS operator,
       package.name AS package, customer.status, customer.billing_cycle, customer.since,
       customer.alternate_mobile
  FROM customer
  LEFT JOIN operator ON operator.id = customer.operator_id
  LEFT JOIN package ON package.id = customer.package_id
 WHERE (:tops::uuid[] IS NULL
        OR customer.operator_id IN (SELECT id FROM operator WHERE path && :tops::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR customer.package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR customer.status = ANY (:statuses::text[]))
   AND (:cycles::text[] IS NULL OR customer.billing_cycle = ANY (:cycles::text[]))
   AND (:code::text IS NULL OR customer.code = :code)
   AND (:found::uuid[] IS NULL OR customer.id = ANY (:found::uuid[]))
   AND (:owing::boolean IS NULL
        OR :owing = EXISTS (SELECT FROM bill WHERE bill.customer_id = customer.id AND bill.issued_on IS NOT NULL
                                               AND bill.status IN ('unpaid', 'partial')))
   AND (:after::uuid IS NULL OR customer.id > :after)
 ORDER BY customer.id
 LIMIT :limit

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
