-- name: lock_counters
-- First of all locks in whatever issues an invoice, and in one order.
SELECT operator_id, next_number
  FROM operator_counter
 WHERE operator_id = ANY(:operator_ids::uuid[])
 ORDER BY operator_id
   FOR UPDATE

-- name: count_on!
UPDATE operator_counter
   SET next_number = :next_number
 WHERE operator_id = :operator_id

-- name: bill_customers^
-- A chunk in one statement: decide, number, issue and say. What is equal on every invoice of a package is
-- written once a package. The laterals keep the plan at one index look-up a customer, and the row
-- comparisons at the index of the operator, however stale the statistics are. Never ON CONFLICT here: it would leave a gap in the numbers.
WITH operator_now AS MATERIALIZED (
  SELECT operator.id, operator.code, operator.name
    FROM operator
   WHERE operator.id = :operator_id
), priced AS MATERIALIZED (
  SELECT package.id, package.name, package.price_minor, package.vat_basis_points,
         div(package.price_minor::numeric * package.vat_basis_points + 5000, 10000) AS vat
    FROM package
), terms AS MATERIALIZED (
  SELECT priced.id, priced.name, priced.price_minor AS net_minor, priced.vat_basis_points,
         priced.price_minor + priced.vat AS total,
         CASE WHEN priced.vat <= 9007199254740991 THEN priced.vat::bigint END AS vat_minor,
         concat(',"period":', to_json(:period::text), ',"issued_on":"', :issued_on::date, '","due_on":"', :due_on::date,
                '","currency":', to_json(:currency::text),
                ',"lines":[{"description":', to_json(priced.name), ',"quantity":1,"unit_minor":', priced.price_minor,
                ',"net_minor":', priced.price_minor, ',"vat_basis_points":', priced.vat_basis_points,
                ',"vat_minor":', priced.vat, ',"total_minor":', priced.price_minor + priced.vat,
                '}],"net_minor":', priced.price_minor, ',"vat_basis_points":', priced.vat_basis_points,
                ',"vat_minor":', priced.vat, ',"total_minor":', priced.price_minor + priced.vat,
                ',"operator_id":"', operator_now.id, '","operator_name":', to_json(operator_now.name),
                ',"package_id":"', priced.id, '","package_name":', to_json(priced.name),
                ',"run_id":"', :run_id::uuid, '","reissue_of":null,"issued_at":"', :issued_at_text::text,
                '","version":1}') AS payload
    FROM priced, operator_now
), decided AS MATERIALIZED (
  SELECT customer.id, customer.code, customer.name, customer.mobile, customer.package_id, live.id AS live_id,
         CASE WHEN live.id IS NOT NULL THEN 'already_billed'
              WHEN void.id IS NOT NULL THEN 'voided'
              WHEN customer.status <> 'active' THEN customer.status
              WHEN customer.billing_cycle <> 'monthly' THEN 'not-monthly'
              WHEN customer.since > :joined_by THEN 'joined-later'
              WHEN terms.total = 0 THEN 'free'
              WHEN terms.total > 9007199254740991 THEN 'amount-too-large'
              ELSE 'created'
          END AS outcome
    FROM customer
    JOIN terms ON terms.id = customer.package_id
    LEFT JOIN LATERAL (
         SELECT invoice.id
           FROM invoice
          WHERE invoice.period = :period AND invoice.customer_id = customer.id AND invoice.voided_at IS NULL
          LIMIT 1) AS live ON TRUE
    LEFT JOIN LATERAL (
         SELECT invoice.id
           FROM invoice
          WHERE invoice.period = :period AND invoice.customer_id = customer.id AND invoice.voided_at IS NOT NULL
          LIMIT 1) AS void ON TRUE
   WHERE (customer.operator_id, customer.id) >= (:operator_id::uuid, :first_id::uuid)
     AND (customer.operator_id, customer.id) <= (:operator_id::uuid, :last_id::uuid)
     AND (:package_id::uuid IS NULL OR customer.package_id = :package_id)
), numbered AS (
  SELECT decided.id, decided.code, decided.name, decided.mobile, decided.package_id,
         :next_number + row_number() OVER (ORDER BY decided.id) - 1 AS sequence
    FROM decided
   WHERE decided.outcome = 'created' AND NOT :dry_run
), billed AS MATERIALIZED (
  SELECT uuidv7() AS invoice_id, numbered.sequence, numbered.id AS customer_id, numbered.code, numbered.name,
         numbered.mobile, numbered.package_id, operator_now.name AS operator_name,
         operator_now.code || '-' || CASE WHEN numbered.sequence < 1000000
                                          THEN lpad(numbered.sequence::text, 6, '0')
                                          ELSE numbered.sequence::text END AS number
    FROM numbered, operator_now
), issued AS (
  INSERT INTO invoice (id, operator_id, customer_id, package_id, run_id, sequence, net_minor, vat_minor,
                       total_minor, issued_at, issued_on, due_on, vat_basis_points, period, currency, number,
                       operator_name, package_name, customer_code, customer_name, customer_mobile)
  SELECT billed.invoice_id, :operator_id, billed.customer_id, billed.package_id, :run_id, billed.sequence,
         terms.net_minor, terms.vat_minor, terms.net_minor + terms.vat_minor, :issued_at, :issued_on, :due_on,
         terms.vat_basis_points, :period, :currency, billed.number, billed.operator_name, terms.name,
         billed.code, billed.name, billed.mobile
    FROM billed
    JOIN terms ON terms.id = billed.package_id
   ORDER BY billed.sequence
), said AS (
  INSERT INTO outbox (lane, topic, key, type, payload, occurred_at)
  SELECT :lane, :topic, billed.customer_id::text, :type,
         concat('{"invoice_id":"', billed.invoice_id, '","number":"', billed.number,
                '","customer_id":"', billed.customer_id, '","customer_code":', to_json(billed.code),
                ',"customer_name":', to_json(billed.name),
                ',"customer_mobile":', coalesce(to_json(billed.mobile)::text, 'null'), terms.payload),
         :issued_at
    FROM billed
    JOIN terms ON terms.id = billed.package_id
   ORDER BY billed.sequence
), counted AS (
  SELECT decided.outcome, count(*) AS customers, sum(terms.total) AS total
    FROM decided
    JOIN terms ON terms.id = decided.package_id
   GROUP BY decided.outcome
)
SELECT (SELECT coalesce(jsonb_object_agg(counted.outcome, counted.customers), '{}') FROM counted) AS outcomes,
       (SELECT coalesce(sum(counted.total), 0)::bigint FROM counted WHERE counted.outcome = 'created') AS total_minor,
       (SELECT json_agg(json_build_object(
                 'customer_id', decided.id, 'code', decided.code,
                 'outcome', CASE decided.outcome WHEN 'already_billed' THEN 'already_billed'
                                                 WHEN 'amount-too-large' THEN 'failed' ELSE 'skipped' END,
                 'reason', nullif(decided.outcome, 'already_billed'), 'invoice_id', decided.live_id)
                 ORDER BY decided.id)::text
          FROM decided
         WHERE decided.outcome <> 'created') AS entries
