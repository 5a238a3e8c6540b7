-- name: bills_of_customer
SELECT id, number, period, issued_on, due_on, status, currency, total_minor, paid_minor, balance_minor, package_name
  FROM bill
 WHERE customer_id = :customer_id AND issued_on IS NOT NULL
 ORDER BY issued_on DESC, id DESC
 LIMIT :limit

-- name: owed_bills_of_customer
SELECT id, number, period, issued_on, due_on, status, currency, total_minor, paid_minor, balance_minor, package_name,
       operator_id
  FROM bill
 WHERE customer_id = :customer_id AND issued_on IS NOT NULL AND status IN ('unpaid', 'partial')

-- name: bill_by_number$
SELECT id FROM bill WHERE number = :number AND issued_on IS NOT NULL

-- name: origin_of_bill^
-- How a bill came to be: when, in which run, at whose wish, in whose place.
SELECT bill.issued_at, bill.period, bill.run_id, bill.reissue_of, run.kind AS run_kind, run.requested_by
  FROM bill
  LEFT JOIN run ON run.id = bill.run_id
 WHERE bill.id = :bill_id

-- name: trust_the_index!
-- A run adds days that the statistics have not seen yet; the planner takes them for empty, and would read and
-- sort every bill of the month for its first page.
SET LOCAL enable_sort TO off

-- name: trust_the_planner!
SELECT set_config('enable_sort', 'on', true), set_config('enable_bitmapscan', 'on', true)

-- name: summary_of_selection
-- What the bills of a selection add up to, whatever their status, by the days and months they lie on; `wide` counts
-- all of the same operators' bills, whatever the package. One reading of the totals tells both what a page shows of
-- them and the way to it.
SELECT issued_on, due_on, period, status,
       coalesce(sum(bills) FILTER (WHERE package_id = ANY (:package_ids::uuid[])), 0)::bigint AS bills,
       coalesce(sum(total_minor) FILTER (WHERE package_id = ANY (:package_ids::uuid[])), 0) AS total_minor,
       coalesce(sum(paid_minor) FILTER (WHERE package_id = ANY (:package_ids::uuid[])), 0) AS paid_minor,
       coalesce(sum(balance_minor) FILTER (WHERE package_id = ANY (:package_ids::uuid[])), 0) AS balance_minor,
       coalesce(sum(bills) FILTER (WHERE package_id = '00000000-0000-0000-0000-000000000000'), 0)::bigint AS wide
  FROM bill_total
 WHERE operator_id = ANY (:operator_ids::uuid[])
   AND package_id = ANY (:package_ids::uuid[] || '00000000-0000-0000-0000-000000000000'::uuid)
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
   AND (:due_from::date IS NULL OR due_on >= :due_from)
   AND (:due_to::date IS NULL OR due_on <= :due_to)
 GROUP BY issued_on, due_on, period, status
 ORDER BY issued_on, due_on

-- name: share_of_selection^
-- How many operators and packages a selection is of, how many bills are theirs, and which part of all that is: the
-- others' are passed where a page is read in order. Statistics are exact enough, and the others' totals are none of
-- the reader's.
SELECT (SELECT count(*) FROM operator WHERE :tops::uuid[] IS NULL OR path && :tops::uuid[]) AS operators,
       (SELECT count(*) FROM package) AS packages,
       coalesce(own.bills, every.bills)::bigint AS bills, coalesce(own.bills / every.bills, 1)::float AS share
  FROM (SELECT greatest(reltuples, 1)::numeric AS bills FROM pg_class WHERE oid = to_regclass('bill')) AS every
  LEFT JOIN (SELECT coalesce(sum(bills), 0) AS bills
               FROM bill_total
              WHERE :tops::uuid[] IS NOT NULL AND operator_id = ANY (:operator_ids::uuid[])
                AND package_id = '00000000-0000-0000-0000-000000000000') AS own ON :tops::uuid[] IS NOT NULL

-- name: bill_by_id^
SELECT id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as,
       lines, voided, void_reason, voided_at, voided_by
  FROM bill
 WHERE id = :id AND issued_on IS NOT NULL

-- name: totals_of_found
-- Of a search: counted from the bills themselves.
SELECT status, (status IN ('unpaid', 'partial') AND due_on < :today) AS overdue, count(*) AS bills,
       CASE WHEN status = 'void' THEN 0 ELSE sum(total_minor) END AS total_minor,
       CASE WHEN status = 'void' THEN 0 ELSE sum(paid_minor) END AS paid_minor,
       CASE WHEN status = 'void' THEN 0 ELSE sum(balance_minor) END AS balance_minor
  FROM bill
 WHERE issued_on IS NOT NULL
   AND (customer_id = ANY (:found::uuid[]) OR id = ANY (:numbered::uuid[]))
   AND (:tops::uuid[] IS NULL OR operator_id IN (SELECT id FROM operator WHERE path && :tops::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
   AND (:due_from::date IS NULL OR due_on >= :due_from)
   AND (:due_to::date IS NULL OR due_on <= :due_to)
 GROUP BY 1, 2

-- name: found
-- Customers by each way to read the words, and bills by the beginning of their number.
SELECT customer.id, false AS is_bill
  FROM jsonb_array_elements(:ways::jsonb) AS way (words)
 CROSS JOIN LATERAL find_customers(:top::uuid, ARRAY(SELECT jsonb_array_elements_text(way.words)),
                                   :at_most::integer) AS customer (id)
 UNION ALL
SELECT bill.id, true
  FROM find_bills(:top::uuid, :number, :at_most::integer) AS bill (id)

-- name: as_of$
SELECT max(as_of) FROM projected

-- name: settings_as_of^
-- How this installation bills, and what the view is of.
SELECT projected.as_of, settings.time_zone, settings.currency, settings.version
  FROM (SELECT max(as_of) AS as_of FROM projected) AS projected
  LEFT JOIN billing_settings AS settings ON true

-- name: bill_of_customer^
-- The live bill of a period, or else the void one.
SELECT id, status, run_id, number
  FROM bill
 WHERE customer_id = :customer_id AND period = :period AND issued_on IS NOT NULL
 ORDER BY voided, id DESC
 LIMIT 1

-- name: operators_of_selection^
-- Named one by one only for `of_group`, where few bills match: for an array that it does not know the planner
-- takes another index. Nor may it join two indexes: it would read every open bill's entry for those of an operator.
SELECT ARRAY(SELECT id FROM operator WHERE :tops::uuid[] IS NULL OR path && :tops::uuid[]) AS operator_ids,
       set_config('enable_bitmapscan', 'off', true) AS enable_bitmapscan

-- name: whole_months
-- How many bills of some operators each month has, whatever their package and days.
SELECT period, status, sum(bills)::bigint AS wide
  FROM bill_total
 WHERE operator_id = ANY (:operator_ids::uuid[]) AND package_id = '00000000-0000-0000-0000-000000000000'
 GROUP BY period, status

-- name: ids_of_selection
SELECT id
  FROM bill
 WHERE issued_on IS NOT NULL
   AND (:tops::uuid[] IS NULL OR operator_id IN (SELECT id FROM operator WHERE path && :tops::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR status = ANY (:statuses::text[]))
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
   AND (:due_from::date IS NULL OR due_on >= :due_from)
   AND (:due_to::date IS NULL OR due_on <= :due_to)
   AND (:due_before::date IS NULL OR (due_on < :due_before AND status IN ('unpaid', 'partial')))
   AND (:found::uuid[] IS NULL OR customer_id = ANY (:found::uuid[]) OR id = ANY (:numbered::uuid[]))
 ORDER BY issued_on DESC, id DESC
 LIMIT :limit

-- name: latest_period$
-- The month of the youngest bill, from the summary: where the desk opens.
SELECT period
  FROM bill_total
 WHERE operator_id = :operator_id AND package_id = '00000000-0000-0000-0000-000000000000'
 ORDER BY issued_on DESC
 LIMIT 1

-- name: bill_numbers
SELECT id, number FROM bill WHERE id = ANY (:bill_ids::uuid[]) AND issued_on IS NOT NULL

-- name: selection_summary^
-- What a selection of bills adds up to, before anything is done with it.
SELECT count(*) AS bills,
       count(*) FILTER (WHERE status = 'unpaid') AS unpaid,
       count(*) FILTER (WHERE status = 'partial') AS partial,
       count(*) FILTER (WHERE status NOT IN ('unpaid', 'partial')) AS other,
       coalesce(sum(balance_minor) FILTER (WHERE status IN ('unpaid', 'partial')), 0)::bigint AS balance_minor,
       min(operator_name) AS operator_name, count(DISTINCT operator_id) AS operators
  FROM bill
 WHERE id = ANY (:bill_ids::uuid[]) AND issued_on IS NOT NULL
