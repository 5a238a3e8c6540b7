-- name: bills_of_customer
SELECT id, number, period, issued_on, due_on, status, currency, total_minor, paid_minor, balance_minor, package_name
  FROM bill
 WHERE customer_id = :customer_id AND issued_on IS NOT NULL
 ORDER BY issued_on DESC, id DESC
 LIMIT :limit

-- name: portal_customer^
SELECT customer.code, customer.name, package.name AS package_name, operator.name AS operator_name,
       coalesce(customer_account.credit_minor, 0) AS credit_minor
  FROM customer
  LEFT JOIN package ON package.id = customer.package_id
  LEFT JOIN operator ON operator.id = customer.operator_id
  LEFT JOIN customer_account ON customer_account.customer_id = customer.id
 WHERE customer.id = :customer_id

-- name: customers_by_code
-- By the search column's index, for codes are unique only within an operator.
SELECT customer.id, customer.code, customer.name, operator.name AS operator_name
  FROM customer
  JOIN operator ON operator.id = customer.operator_id
 WHERE customer.code = :code
 ORDER BY operator.name
 LIMIT :limit

-- name: run_customers_named
SELECT entry.customer_id, entry.code, entry.reason, entry.bill_id, customer.name, operator.name AS operator_name
  FROM run_entry AS entry
  LEFT JOIN customer ON customer.id = entry.customer_id
  LEFT JOIN operator ON operator.id = customer.operator_id
 WHERE entry.run_id = :run_id AND entry.outcome = :outcome
   AND (:reason::text IS NULL OR entry.reason = :reason)
   AND (:after::uuid IS NULL OR entry.customer_id > :after)
 ORDER BY entry.customer_id
 LIMIT :limit

-- name: bills_of_run
SELECT id AS bill_id, number, customer_id, customer_code AS code, customer_name AS name, operator_name, total_minor
  FROM bill
 WHERE run_id = :run_id AND issued_on IS NOT NULL
   AND (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit

-- name: run_by_operator
-- Everyone below an operator is counted with the one right below it that they hang from.
WITH own AS (
    SELECT id, cardinality(path) AS depth FROM operator WHERE id = :operator_id
), made AS (
    SELECT operator_id, count(*) AS created, sum(net_minor)::bigint AS net_minor, sum(vat_minor)::bigint AS vat_minor,
           sum(total_minor)::bigint AS total_minor
      FROM bill
     WHERE run_id = :run_id AND issued_on IS NOT NULL
     GROUP BY operator_id
), passed AS (
    SELECT customer.operator_id,
           count(*) FILTER (WHERE entry.outcome = 'already_billed') AS already_billed,
           count(*) FILTER (WHERE entry.outcome = 'skipped') AS skipped,
           count(*) FILTER (WHERE entry.outcome = 'failed') AS failed
      FROM run_entry AS entry
      JOIN customer ON customer.id = entry.customer_id
     WHERE entry.run_id = :run_id AND entry.outcome <> 'created'
     GROUP BY customer.operator_id
)
SELECT top.id, top.name, top.id = :operator_id AS is_own,
       coalesce(sum(made.created), 0)::bigint AS created,
       coalesce(sum(passed.already_billed), 0)::bigint AS already_billed,
       coalesce(sum(passed.skipped), 0)::bigint AS skipped,
       coalesce(sum(passed.failed), 0)::bigint AS failed,
       coalesce(sum(made.net_minor), 0)::bigint AS net_minor,
       coalesce(sum(made.vat_minor), 0)::bigint AS vat_minor,
       coalesce(sum(made.total_minor), 0)::bigint AS total_minor
  FROM own
  JOIN operator AS below ON below.path @> ARRAY[own.id]
  JOIN operator AS top ON top.id = coalesce(below.path[own.depth + 1], own.id)
  LEFT JOIN made ON made.operator_id = below.id
  LEFT JOIN passed ON passed.operator_id = below.id
 WHERE made.operator_id IS NOT NULL OR passed.operator_id IS NOT NULL
 GROUP BY top.id, top.name
 ORDER BY is_own, created DESC, top.name

-- name: months
-- From the totals: the operator's own rows hold everyone below it.
SELECT period, sum(bills)::bigint AS bills, sum(total_minor)::bigint AS total_minor,
       sum(paid_minor)::bigint AS paid_minor, sum(balance_minor)::bigint AS balance_minor
  FROM bill_total
 WHERE operator_id = :operator_id AND package_id = '00000000-0000-0000-0000-000000000000'
   AND status <> 'void' AND period <= :until
 GROUP BY period
HAVING sum(bills) > 0
 ORDER BY period DESC
 LIMIT :limit

-- name: month_by_operator
SELECT operator.id, operator.name, operator.id = :operator_id AS is_own,
       sum(total.bills)::bigint AS bills, sum(total.total_minor)::bigint AS total_minor,
       sum(total.paid_minor)::bigint AS paid_minor, sum(total.balance_minor)::bigint AS balance_minor
  FROM operator
  JOIN bill_total AS total ON total.operator_id = operator.id
 WHERE (operator.parent_id = :operator_id OR operator.id = :operator_id)
   AND total.package_id = '00000000-0000-0000-0000-000000000000'
   AND total.period = :period AND total.status <> 'void'
 GROUP BY operator.id, operator.name
 ORDER BY total_minor DESC, operator.name

-- name: owed_by_due_date^
SELECT coalesce(sum(bills) FILTER (WHERE due_on = :today), 0)::bigint AS due_bills,
       coalesce(sum(balance_minor) FILTER (WHERE due_on = :today), 0)::bigint AS due_minor,
       coalesce(sum(bills) FILTER (WHERE due_on < :today), 0)::bigint AS overdue_bills,
       coalesce(sum(balance_minor) FILTER (WHERE due_on < :today), 0)::bigint AS overdue_minor
  FROM bill_total
 WHERE operator_id = :operator_id AND package_id = '00000000-0000-0000-0000-000000000000'
   AND status IN ('unpaid', 'partial') AND due_on <= :today::date

-- name: due_today
SELECT id, number, customer_name, operator_name, status, balance_minor
  FROM bill
 WHERE due_on = :today AND status IN ('unpaid', 'partial') AND issued_on IS NOT NULL
 ORDER BY id
 LIMIT :limit

-- name: collected_since^
-- Ids tell their time, so that a day's payments are found by the primary key.
SELECT count(*) AS payments, coalesce(sum(amount_minor), 0)::bigint AS amount_minor
  FROM payment
 WHERE id >= :first_id AND recorded_at >= :since AND NOT reversed

-- name: credit_left^
SELECT count(*) AS customers, coalesce(sum(credit_minor), 0)::bigint AS credit_minor
  FROM customer_account
 WHERE credit_minor > 0

-- name: packages_shown
SELECT package.id, package.name, package.price_minor, package.currency, package.vat_basis_points, package.operator_id,
       operator.name AS operator_name
  FROM package
  LEFT JOIN operator ON operator.id = package.operator_id
 WHERE (:sellers::uuid[] IS NULL OR package.operator_id IS NULL OR package.operator_id = ANY (:sellers::uuid[]))
 ORDER BY package.name, package.id
 LIMIT :limit

-- name: operator_names
SELECT id, name FROM operator WHERE id = ANY (:ids::uuid[])

-- name: activity
-- Ids tell their time: the youngest first is the greatest first.
SELECT operation.id, operation.kind, operation.subject_id, operation.caller, operation.state, operation.problem,
       operation.facts, operation.created_at, operation.type, operation.payload::jsonb AS command,
       person.name AS person_name, person.email AS person_email, operator.name AS operator_name
  FROM operation
  LEFT JOIN user_account AS person ON 'user:' || person.id = operation.caller
  LEFT JOIN operator ON operator.id = operation.operator_id
 WHERE (:reach::uuid[] IS NULL OR operation.operator_id = ANY (:reach::uuid[]))
   AND (:callers::text[] IS NULL OR operation.caller = ANY (:callers::text[]))
   AND (:kinds::text[] IS NULL OR operation.kind = ANY (:kinds::text[]))
   AND (:after::uuid IS NULL OR operation.id < :after)
 ORDER BY operation.id DESC
 LIMIT :limit

-- name: people_in_reach
SELECT id, name, email
  FROM user_account
 WHERE (:reach::uuid[] IS NULL OR operator_id = ANY (:reach::uuid[]))
 ORDER BY name, id
 LIMIT :limit

-- name: bill_by_number$
SELECT id FROM bill WHERE number = :number AND issued_on IS NOT NULL
