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

-- name: run_shows$
SELECT count(*) = :created
  FROM (SELECT FROM bill WHERE run_id = :run_id AND issued_on IS NOT NULL LIMIT :created) AS made

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

-- name: tried_by_operator
-- Whom a dry run would bill: it names everybody whom it would not, so the others of its reach are left.
SELECT operator.id, operator.name, count(*) AS customers,
       sum(package.price_minor + (package.price_minor * package.vat_basis_points + 5000) / 10000)::bigint AS total_minor
  FROM customer
  JOIN operator ON operator.id = customer.operator_id
  JOIN package ON package.id = customer.package_id
 WHERE (:operator_id::uuid IS NULL OR operator.path @> ARRAY[:operator_id::uuid])
   AND NOT EXISTS (SELECT 1 FROM run_entry WHERE run_entry.run_id = :run_id AND run_entry.customer_id = customer.id)
 GROUP BY operator.id, operator.name
 ORDER BY customers DESC, operator.name

-- name: run_by_id^
SELECT id, kind, state, period, operator_id, package_id, customer_id, dry_run, expected, created, already_billed,
       skipped, failed, total_minor, currency, requested_by, started_at, completed_at, version, false AS is_above
  FROM run
 WHERE id = :id
 UNION ALL
SELECT id, kind, state, period, NULL, NULL, NULL, false, 0, 0, 0, '{}', 0, 0, currency, '', started_at, completed_at,
       version, true
  FROM runs_above()
 WHERE id = :id

-- name: runs
-- Those of the subtree, and those from above that billed it as well; what these did here is counted apart.
SELECT id, kind, state, period, operator_id, package_id, customer_id, dry_run, expected, created, already_billed,
       skipped, failed, total_minor, currency, requested_by, started_at, completed_at, version, false AS is_above
  FROM run
 WHERE (:period::text IS NULL OR period = :period)
   AND (:after::uuid IS NULL OR id < :after)
 UNION ALL
SELECT id, kind, state, period, NULL, NULL, NULL, false, 0, 0, 0, '{}', 0, 0, currency, '', started_at, completed_at,
       version, true
  FROM runs_above()
 WHERE (:period::text IS NULL OR period = :period)
   AND (:after::uuid IS NULL OR id < :after)
 ORDER BY id DESC
 LIMIT :limit

-- name: run_outcomes_in_reach
-- From the customers of the reach, and not from the run: that may have a million, of whom a thousand are theirs.
WITH own AS MATERIALIZED (
    SELECT id FROM operator
)
SELECT run_id, 'created' AS outcome, NULL AS reason, count(*) AS customers, sum(total_minor)::bigint AS total_minor
  FROM bill
 WHERE operator_id IN (SELECT id FROM own) AND issued_on >= :since AND run_id = ANY(:run_ids)
 GROUP BY run_id
 UNION ALL
SELECT entry.run_id, entry.outcome, entry.reason, count(*), 0
  FROM customer
  JOIN run_entry AS entry ON entry.customer_id = customer.id AND entry.run_id = ANY(:run_ids)
 WHERE customer.operator_id IN (SELECT id FROM own) AND entry.outcome <> 'created'
 GROUP BY entry.run_id, entry.outcome, entry.reason

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
-- What the latest run over the period said of this customer, whoever asked for that run.
SELECT outcome, reason, bill_id
  FROM run_entry
 WHERE customer_id = :customer_id AND run_id IN (SELECT real_runs_of(:period))
 ORDER BY run_id DESC
 LIMIT 1

-- name: entry_of_run^
SELECT outcome, reason, bill_id FROM run_entry WHERE run_id = :run_id AND customer_id = :customer_id
