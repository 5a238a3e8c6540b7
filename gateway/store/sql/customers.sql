-- name: see_as!
-- What this transaction may see, in the one place that says so; plans are made for the very values.
SELECT set_config('app.reach', :reach, true), set_config('plan_cache_mode', 'force_custom_plan', true)

-- name: subtree
SELECT id FROM operator WHERE path && :operator_ids::uuid[]

-- name: operator_by_id^
SELECT id, code, name, parent_id, path, version FROM operator WHERE id = :id

-- name: operator_by_code^
SELECT id, code, name, parent_id, path, version FROM operator WHERE code = :code

-- name: operators
SELECT id, code, name, parent_id, path, version
  FROM operator
 WHERE (:reach::uuid[] IS NULL OR id = ANY (:reach::uuid[]))
   AND (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit

-- name: operator_root$
SELECT id FROM operator WHERE parent_id IS NULL ORDER BY id LIMIT 1

-- name: package_by_id^
SELECT id, operator_id, name, price_minor, currency, vat_basis_points, version FROM package WHERE id = :id

-- name: packages
-- One sees what one sells: packages of everybody, of one's subtree, and of those above.
SELECT id, operator_id, name, price_minor, currency, vat_basis_points, version
  FROM package
 WHERE (:sellers::uuid[] IS NULL OR operator_id IS NULL OR operator_id = ANY (:sellers::uuid[]))
   AND (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit

-- name: sellers
-- The operators whose packages someone sees: their subtree and those above it.
SELECT id FROM operator WHERE path && ARRAY[:operator_id::uuid]
 UNION
SELECT unnest(path) FROM operator WHERE id = :operator_id

-- name: customer_by_id^
SELECT customer.id, customer.operator_id, operator.name AS operator_name, code_of.package_name,
       customer.code, customer.name, customer.mobile, customer.address, customer.package_id, customer.status,
       customer.billing_cycle, customer.since, customer.version, coalesce(customer_account.credit_minor, 0) AS credit_minor
  FROM customer
  LEFT JOIN customer_account ON customer_account.customer_id = customer.id
  LEFT JOIN operator ON operator.id = customer.operator_id
  LEFT JOIN (SELECT id, name AS package_name FROM package) AS code_of ON code_of.id = customer.package_id
 WHERE customer.id = :id

-- name: customer_by_code^
SELECT id FROM customer WHERE operator_id = :operator_id AND code = :code

-- name: customers
SELECT customer.id, customer.operator_id, operator.name AS operator_name, package.name AS package_name,
       customer.code, customer.name, customer.mobile, customer.address, customer.package_id, customer.status,
       customer.billing_cycle, customer.since, customer.version, coalesce(customer_account.credit_minor, 0) AS credit_minor
  FROM customer
  LEFT JOIN customer_account ON customer_account.customer_id = customer.id
  LEFT JOIN operator ON operator.id = customer.operator_id
  LEFT JOIN package ON package.id = customer.package_id
 WHERE (:operator_ids::uuid[] IS NULL OR customer.operator_id = ANY (:operator_ids::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR customer.package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR customer.status = ANY (:statuses::text[]))
   AND (:code::text IS NULL OR customer.code = :code)
   AND (:found::uuid[] IS NULL OR customer.id = ANY (:found::uuid[]))
   AND (:after::uuid IS NULL OR customer.id > :after)
 ORDER BY customer.id
 LIMIT :limit

-- name: payment_by_id^
SELECT id, customer_id, bill_id, amount_minor, allocated_minor, credit_minor, currency, method, paid_on, recorded_at,
       recorded_by, source, reference, note, reversed, reversal_reason, reversed_at, reversed_by, version
  FROM payment
 WHERE id = :id

-- name: payments_of_bill
-- What touches this bill, each with its part on it.
SELECT payment.id, payment.customer_id, payment.bill_id, payment.amount_minor,
       coalesce(part.amount_minor, 0) AS allocated_minor, payment.credit_minor, payment.currency, payment.method,
       payment.paid_on, payment.recorded_at, payment.recorded_by, payment.source, payment.reference, payment.note,
       payment.reversed, payment.reversal_reason, payment.reversed_at, payment.reversed_by, payment.version
  FROM payment
  LEFT JOIN payment_allocation AS part ON part.payment_id = payment.id AND part.bill_id = :bill_id
 WHERE (payment.id IN (SELECT payment_id FROM payment_allocation WHERE bill_id = :bill_id)
        OR (payment.customer_id = :customer_id AND payment.bill_id = :bill_id))
   AND (:after::uuid IS NULL OR payment.id < :after)
 ORDER BY payment.id DESC
 LIMIT :limit

-- name: payment_on_bill^
SELECT payment.id, payment.customer_id, payment.bill_id, payment.amount_minor,
       coalesce(part.amount_minor, 0) AS allocated_minor, payment.credit_minor, payment.currency, payment.method,
       payment.paid_on, payment.recorded_at, payment.recorded_by, payment.source, payment.reference, payment.note,
       payment.reversed, payment.reversal_reason, payment.reversed_at, payment.reversed_by, payment.version
  FROM payment
  LEFT JOIN payment_allocation AS part ON part.payment_id = payment.id AND part.bill_id = :bill_id
 WHERE payment.id = :id

-- name: payments_of_customer
SELECT id, customer_id, bill_id, amount_minor, allocated_minor, credit_minor, currency, method, paid_on, recorded_at,
       recorded_by, source, reference, note, reversed, reversal_reason, reversed_at, reversed_by, version
  FROM payment
 WHERE customer_id = :customer_id
   AND (:after::uuid IS NULL OR id < :after)
 ORDER BY id DESC
 LIMIT :limit

-- name: held_payment_by_id^
SELECT id, source, payment_id, operator_id, amount_minor, currency, reason, received_at, state, our_payment_id, version
  FROM held_payment
 WHERE id = :id

-- name: held_payments
SELECT id, source, payment_id, operator_id, amount_minor, currency, reason, received_at, state, our_payment_id, version
  FROM held_payment
 WHERE state = :state
   AND (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit

-- name: partners
SELECT id, name, operator_id, active, version
  FROM partner
 WHERE (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit

-- name: partner_by_id^
SELECT id, name, operator_id, active, version FROM partner WHERE id = :id

-- name: partner_by_name^
SELECT id, name, operator_id, active, version FROM partner WHERE name = :name

-- name: run_by_id^
SELECT id, kind, state, period, operator_id, package_id, customer_id, dry_run, expected, created, already_billed,
       skipped, failed, total_minor, currency, requested_by, started_at, completed_at, version
  FROM run
 WHERE id = :id

-- name: runs
SELECT id, kind, state, period, operator_id, package_id, customer_id, dry_run, expected, created, already_billed,
       skipped, failed, total_minor, currency, requested_by, started_at, completed_at, version
  FROM run
 WHERE (:period::text IS NULL OR period = :period)
   AND (:after::uuid IS NULL OR id < :after)
 ORDER BY id DESC
 LIMIT :limit

-- name: run_customers
-- Whom a run billed is known from its bills, everybody else from its entries.
SELECT customer_id, code, outcome, reason, bill_id
  FROM (SELECT customer_id, code, outcome, reason, bill_id
          FROM run_entry
         WHERE run_id = :run_id
           AND (:outcome::text IS NULL OR outcome = :outcome)
           AND (:after::uuid IS NULL OR customer_id > :after)
         UNION ALL
        SELECT customer_id, customer_code, 'created', NULL, id
          FROM bill
         WHERE run_id = :run_id AND issued_on IS NOT NULL
           AND (:outcome::text IS NULL OR :outcome = 'created')
           AND (:after::uuid IS NULL OR customer_id > :after)) AS entry
 ORDER BY customer_id
 LIMIT :limit

-- name: last_entry_of_customer^
-- What the latest run over the period said of this customer.
SELECT run_entry.outcome, run_entry.reason, run_entry.bill_id
  FROM run_entry
  JOIN run ON run.id = run_entry.run_id
 WHERE run_entry.customer_id = :customer_id AND run.period = :period AND NOT run.dry_run
 ORDER BY run.id DESC
 LIMIT 1

-- name: entry_of_run^
SELECT outcome, reason, bill_id FROM run_entry WHERE run_id = :run_id AND customer_id = :customer_id

-- name: billing_settings^
SELECT time_zone, currency, due_days, billing_from, link_valid_hours, default_vat_basis_points, version
  FROM billing_settings
