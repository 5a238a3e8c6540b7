-- Pages of bills: four ways to read one, for each sort of `bill_pages.SORTS`. A `part` stands in several of them;
-- `$column`, `$type`, `$direction` and `$beyond` are the sort's.

-- part: shown
id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as

-- part: issued
-- A filter that is not given is null and folds away: these statements are planned for the very values.
issued_on IS NOT NULL
   AND (:period::text IS NULL OR period = :period)
   AND (:days::date[] IS NULL OR issued_on = ANY (:days::date[]))
   AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
   AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
   AND (:due_from::date IS NULL OR due_on >= :due_from)
   AND (:due_to::date IS NULL OR due_on <= :due_to)
   AND (:after_id::uuid IS NULL OR ($column, id) $beyond (:after::$type, :after_id))

-- part: below
(:tops::uuid[] IS NULL OR operator_id IN (SELECT id FROM operator WHERE path && :tops::uuid[]))

-- part: sought
(:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
   AND (:statuses::text[] IS NULL OR status = ANY (:statuses::text[]))
   AND (:due_before::date IS NULL OR (due_on < :due_before AND status IN ('unpaid', 'partial')))

-- part: looked_at
-- Status and package are written so that no index is chosen for them: the order's index is the one meant.
(:package_ids::uuid[] IS NULL OR package_id::text = ANY (:package_ids::uuid[]::text[]))
   AND (:statuses::text[] IS NULL OR status || '' = ANY (:statuses::text[]))
   AND (:due_before::date IS NULL OR (due_on < :due_before AND status || '' IN ('unpaid', 'partial')))

-- name: in_order_$sort
-- Many bills match: they are looked at one by one in the order's index until the page is full.
SELECT $shown
  FROM bill
 WHERE $issued
   AND $below
   AND $looked_at
 ORDER BY $column $direction, id $direction
 LIMIT :limit

-- name: of_group_$sort
-- Few bills match: all of them are sought by operator, status, package and day in the index alone, then sorted.
WITH matching AS MATERIALIZED (
    SELECT id, $column
      FROM bill
     WHERE $issued
       AND operator_id = ANY (:operator_ids::uuid[])
       AND $sought
     ORDER BY $column $direction, id $direction
     LIMIT :limit
)
SELECT $shown
  FROM bill
 WHERE id IN (SELECT id FROM matching)
 ORDER BY $column $direction, id $direction

-- name: of_operators_$sort
-- A few operators: the first of each in order, then the first of those.
SELECT first.*
  FROM (SELECT id FROM operator WHERE path && :tops::uuid[]) AS of_operator
 CROSS JOIN LATERAL (
    SELECT $shown
      FROM bill
     WHERE bill.operator_id = of_operator.id
       AND $issued
       AND $looked_at
     ORDER BY $column $direction, id $direction
     LIMIT :limit) AS first
 ORDER BY first.$column $direction, first.id $direction
 LIMIT :limit

-- name: found_$sort
-- Of a search: through the customers and numbers that it found.
SELECT $shown
  FROM bill
 WHERE (customer_id = ANY (:found::uuid[]) OR id = ANY (:numbered::uuid[]))
   AND $issued
   AND $below
   AND $sought
 ORDER BY $column $direction, id $direction
 LIMIT :limit
