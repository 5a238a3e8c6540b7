-- name: page_newest_first
-- A filter that is not given is null and folds away: these statements are planned for the very values.
SELECT id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as
  FROM bill
 WHERE issued_on IS NOT NULL
   AND (:operator_ids::uuid[] IS NULL OR operator_id = ANY (:operator_ids::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR status = ANY (:statuses::text[]))
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
   AND (:due_before::date IS NULL OR (due_on < :due_before AND status IN ('unpaid', 'partial')))
   AND (:found::uuid[] IS NULL OR customer_id = ANY (:found::uuid[]) OR id = ANY (:numbered::uuid[]))
   AND (:after_id::uuid IS NULL OR (issued_on, id) < (:after::date, :after_id))
 ORDER BY issued_on DESC, id DESC
 LIMIT :limit

-- name: page_oldest_first
SELECT id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as
  FROM bill
 WHERE issued_on IS NOT NULL
   AND (:operator_ids::uuid[] IS NULL OR operator_id = ANY (:operator_ids::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR status = ANY (:statuses::text[]))
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
   AND (:due_before::date IS NULL OR (due_on < :due_before AND status IN ('unpaid', 'partial')))
   AND (:found::uuid[] IS NULL OR customer_id = ANY (:found::uuid[]) OR id = ANY (:numbered::uuid[]))
   AND (:after_id::uuid IS NULL OR (issued_on, id) > (:after::date, :after_id))
 ORDER BY issued_on ASC, id ASC
 LIMIT :limit

-- name: page_first_due
SELECT id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as
  FROM bill
 WHERE issued_on IS NOT NULL
   AND (:operator_ids::uuid[] IS NULL OR operator_id = ANY (:operator_ids::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR status = ANY (:statuses::text[]))
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
   AND (:due_before::date IS NULL OR (due_on < :due_before AND status IN ('unpaid', 'partial')))
   AND (:found::uuid[] IS NULL OR customer_id = ANY (:found::uuid[]) OR id = ANY (:numbered::uuid[]))
   AND (:after_id::uuid IS NULL OR (due_on, id) > (:after::date, :after_id))
 ORDER BY due_on ASC, id ASC
 LIMIT :limit

-- name: page_last_due
SELECT id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as
  FROM bill
 WHERE issued_on IS NOT NULL
   AND (:operator_ids::uuid[] IS NULL OR operator_id = ANY (:operator_ids::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR status = ANY (:statuses::text[]))
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
   AND (:due_before::date IS NULL OR (due_on < :due_before AND status IN ('unpaid', 'partial')))
   AND (:found::uuid[] IS NULL OR customer_id = ANY (:found::uuid[]) OR id = ANY (:numbered::uuid[]))
   AND (:after_id::uuid IS NULL OR (due_on, id) < (:after::date, :after_id))
 ORDER BY due_on DESC, id DESC
 LIMIT :limit

-- name: page_smallest_total
SELECT id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as
  FROM bill
 WHERE issued_on IS NOT NULL
   AND (:operator_ids::uuid[] IS NULL OR operator_id = ANY (:operator_ids::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR status = ANY (:statuses::text[]))
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
   AND (:due_before::date IS NULL OR (due_on < :due_before AND status IN ('unpaid', 'partial')))
   AND (:found::uuid[] IS NULL OR customer_id = ANY (:found::uuid[]) OR id = ANY (:numbered::uuid[]))
   AND (:after_id::uuid IS NULL OR (total_minor, id) > (:after::bigint, :after_id))
 ORDER BY total_minor ASC, id ASC
 LIMIT :limit

-- name: page_largest_total
SELECT id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as
  FROM bill
 WHERE issued_on IS NOT NULL
   AND (:operator_ids::uuid[] IS NULL OR operator_id = ANY (:operator_ids::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR status = ANY (:statuses::text[]))
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
   AND (:due_before::date IS NULL OR (due_on < :due_before AND status IN ('unpaid', 'partial')))
   AND (:found::uuid[] IS NULL OR customer_id = ANY (:found::uuid[]) OR id = ANY (:numbered::uuid[]))
   AND (:after_id::uuid IS NULL OR (total_minor, id) < (:after::bigint, :after_id))
 ORDER BY total_minor DESC, id DESC
 LIMIT :limit

-- name: page_smallest_balance
SELECT id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as
  FROM bill
 WHERE issued_on IS NOT NULL
   AND (:operator_ids::uuid[] IS NULL OR operator_id = ANY (:operator_ids::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR status = ANY (:statuses::text[]))
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
   AND (:due_before::date IS NULL OR (due_on < :due_before AND status IN ('unpaid', 'partial')))
   AND (:found::uuid[] IS NULL OR customer_id = ANY (:found::uuid[]) OR id = ANY (:numbered::uuid[]))
   AND (:after_id::uuid IS NULL OR (balance_minor, id) > (:after::bigint, :after_id))
 ORDER BY balance_minor ASC, id ASC
 LIMIT :limit

-- name: page_largest_balance
SELECT id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as
  FROM bill
 WHERE issued_on IS NOT NULL
   AND (:operator_ids::uuid[] IS NULL OR operator_id = ANY (:operator_ids::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR status = ANY (:statuses::text[]))
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
   AND (:due_before::date IS NULL OR (due_on < :due_before AND status IN ('unpaid', 'partial')))
   AND (:found::uuid[] IS NULL OR customer_id = ANY (:found::uuid[]) OR id = ANY (:numbered::uuid[]))
   AND (:after_id::uuid IS NULL OR (balance_minor, id) < (:after::bigint, :after_id))
 ORDER BY balance_minor DESC, id DESC
 LIMIT :limit

-- name: bill_by_id^
SELECT id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as,
       lines, voided, void_reason, voided_at, voided_by
  FROM bill
 WHERE id = :id AND issued_on IS NOT NULL

-- name: totals
SELECT status, (status IN ('unpaid', 'partial') AND due_on < :today) AS overdue, sum(bills)::bigint AS bills,
       sum(total_minor) AS total_minor, sum(paid_minor) AS paid_minor, sum(balance_minor) AS balance_minor
  FROM bill_total
 WHERE operator_id = ANY (:operator_ids::uuid[])
   AND package_id = ANY (:package_ids::uuid[])
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
 GROUP BY 1, 2

-- name: totals_of_found
-- Of a search: counted from the bills themselves.
SELECT status, (status IN ('unpaid', 'partial') AND due_on < :today) AS overdue, count(*) AS bills,
       CASE WHEN status = 'void' THEN 0 ELSE sum(total_minor) END AS total_minor,
       CASE WHEN status = 'void' THEN 0 ELSE sum(paid_minor) END AS paid_minor,
       CASE WHEN status = 'void' THEN 0 ELSE sum(balance_minor) END AS balance_minor
  FROM bill
 WHERE issued_on IS NOT NULL
   AND (customer_id = ANY (:found::uuid[]) OR id = ANY (:numbered::uuid[]))
   AND (:operator_ids::uuid[] IS NULL OR operator_id = ANY (:operator_ids::uuid[]))
   AND (:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
   AND (:period::text IS NULL OR period = :period)
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
 GROUP BY 1, 2

-- name: found_customers
SELECT id FROM find_customers(:reach::uuid[], :words, :at_most::integer) AS id

-- name: found_bills
SELECT id FROM find_bills(:reach::uuid[], :words, :at_most::integer) AS id

-- name: as_of$
SELECT max(as_of) FROM projected

-- name: bill_of_customer^
-- The live bill of a period, or else the void one.
SELECT id, status, run_id, number
  FROM bill
 WHERE customer_id = :customer_id AND period = :period AND issued_on IS NOT NULL
 ORDER BY voided, id DESC
 LIMIT 1

-- name: unpaid_of_customer
SELECT id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as
  FROM bill
 WHERE customer_id = :customer_id AND issued_on IS NOT NULL
 ORDER BY issued_on DESC, id DESC
 LIMIT :limit
