-- Pages of bills: five ways to read one, for each sort of `bill_pages.SORTS`. A `part` stands in several of them;
-- `$column`, `$type`, `$direction`, `$beyond` and the `$day` whose list it can be given are the sort's.

-- part: shown
id, number, status, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       paid_minor, balance_minor, operator_id, operator_name, package_id, package_name, customer_id,
       customer_code, customer_name, customer_mobile, invoice_version, receivable_version, reissue_of, reissued_as

-- part: issued
-- A filter that is not given is null and folds away: these statements are planned for the very values.
issued_on IS NOT NULL
   AND (:period::text IS NULL OR period = :period)
   AND (:days::date[] IS NULL OR $day = ANY (:days::date[]))
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

-- part: first_in_order
-- The first of those that match, in the order of the index that has them.
$issued
   AND $below
   AND $looked_at
 ORDER BY $column $direction, id $direction
 LIMIT :limit

-- name: in_order_$sort
-- Many bills match: they are looked at one by one in the order's index until the page is full.
SELECT $shown
  FROM bill
 WHERE $first_in_order

-- name: in_periods_$sort
-- Sorted by an amount: the first of each month in each index that has some of them, then the first of those. By
-- balance what is owed and what is owed in part have an index each, by total they share one.
WITH first AS MATERIALIZED (
    SELECT part.id AS bill_id, part.$column AS place
      FROM unnest(:periods::text[]) AS of_period (name)
     CROSS JOIN LATERAL (
        (SELECT id, $column
           FROM bill
          WHERE :is_unpaid::boolean AND bill.period = of_period.name AND status = 'unpaid'
            AND $first_in_order)
        UNION ALL
        (SELECT id, $column
           FROM bill
          WHERE :is_partial::boolean AND bill.period = of_period.name AND status = 'partial'
            AND $first_in_order)
        UNION ALL
        (SELECT id, $column
           FROM bill
          WHERE :is_open::boolean AND bill.period = of_period.name AND status IN ('unpaid', 'partial')
            AND $first_in_order)
        UNION ALL
        (SELECT id, $column
           FROM bill
          WHERE :is_settled::boolean AND bill.period = of_period.name AND status IN ('paid', 'void')
            AND $first_in_order)) AS part
     ORDER BY part.$column $direction, part.id $direction
     LIMIT :limit
)
SELECT $shown
  FROM first
  JOIN bill ON bill.id = first.bill_id
 ORDER BY first.place $direction, first.bill_id $direction

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
-- A few operators: the first of each in order, then the first of those, whose order no index of the bills has: it
-- would be read from end to end for it while sorting is off.
WITH first AS MATERIALIZED (
    SELECT part.id AS bill_id, part.$column AS place
      FROM (SELECT id FROM operator WHERE path && :tops::uuid[]) AS of_operator
     CROSS JOIN LATERAL (
        SELECT id, $column
          FROM bill
         WHERE bill.operator_id = of_operator.id
           AND $issued
           AND $looked_at
         ORDER BY $column $direction, id $direction
         LIMIT :limit) AS part
     ORDER BY part.$column $direction, part.id $direction
     LIMIT :limit
)
SELECT $shown
  FROM first
  JOIN bill ON bill.id = first.bill_id
 ORDER BY first.place $direction, first.bill_id $direction

-- name: found_$sort
-- Of a search: the bills of whom and what it found are read once, for their sums by status (without the filter's)
-- and for the page, whose ids stand in the row that has no status. Those of customers are read in their index alone.
WITH matching AS MATERIALIZED (
    SELECT id, $column AS place, status, due_on, total_minor, paid_minor, balance_minor, ($sought) AS is_wanted,
           (:after_id::uuid IS NULL OR ($column, id) $beyond (:after::$type, :after_id)) AS is_beyond
      FROM (SELECT id, operator_id, package_id, issued_on, due_on, period, status, total_minor, paid_minor, balance_minor
              FROM bill
             WHERE customer_id = ANY (:found::uuid[])
             UNION ALL
            SELECT id, operator_id, package_id, issued_on, due_on, period, status, total_minor, paid_minor, balance_minor
              FROM bill
             WHERE id = ANY (:numbered::uuid[]) AND customer_id <> ALL (:found::uuid[])) AS named
     WHERE issued_on IS NOT NULL
       AND (:period::text IS NULL OR period = :period)
       AND (:issued_from::date IS NULL OR issued_on >= :issued_from)
       AND (:issued_to::date IS NULL OR issued_on <= :issued_to)
       AND (:due_from::date IS NULL OR due_on >= :due_from)
       AND (:due_to::date IS NULL OR due_on <= :due_to)
       AND (:package_ids::uuid[] IS NULL OR package_id = ANY (:package_ids::uuid[]))
       AND $below
)
SELECT status, (status IN ('unpaid', 'partial') AND due_on < :today) AS overdue, count(*) AS bills,
       CASE WHEN status = 'void' THEN 0 ELSE sum(total_minor) END AS total_minor,
       CASE WHEN status = 'void' THEN 0 ELSE sum(paid_minor) END AS paid_minor,
       CASE WHEN status = 'void' THEN 0 ELSE sum(balance_minor) END AS balance_minor, NULL::uuid[] AS ids
  FROM matching
 GROUP BY 1, 2
 UNION ALL
SELECT NULL, NULL, 0, 0, 0, 0,
       ARRAY(SELECT id FROM matching WHERE is_wanted AND is_beyond
              ORDER BY place $direction, id $direction LIMIT :limit)

-- name: these_$sort
SELECT $shown
  FROM bill
 WHERE id = ANY (:ids::uuid[])
 ORDER BY $column $direction, id $direction
