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

-- name: collected^
-- What customers paid today, whenever it is written down; and what was written down today, whenever it was paid.
-- Ids tell their time, so that what was recorded today is found by the primary key.
SELECT count(*) FILTER (WHERE paid_on = :today) AS payments,
       coalesce(sum(amount_minor) FILTER (WHERE paid_on = :today), 0)::bigint AS amount_minor,
       count(*) FILTER (WHERE recorded_at >= :since) AS recorded,
       coalesce(sum(amount_minor) FILTER (WHERE recorded_at >= :since), 0)::bigint AS recorded_minor
  FROM payment
 WHERE (paid_on = :today OR (id >= :first_id AND recorded_at >= :since)) AND NOT reversed

-- name: overdue_by_age
-- From the totals: what is owed after its due date, by how many days ago that was.
SELECT CASE WHEN :today::date - due_on <= 30 THEN 1 WHEN :today::date - due_on <= 60 THEN 31
            WHEN :today::date - due_on <= 90 THEN 61 ELSE 91 END AS from_days,
       sum(bills)::bigint AS bills, sum(balance_minor)::bigint AS balance_minor
  FROM bill_total
 WHERE operator_id = :operator_id AND package_id = '00000000-0000-0000-0000-000000000000'
   AND status IN ('unpaid', 'partial') AND due_on < :today::date
 GROUP BY from_days
HAVING sum(bills) > 0
 ORDER BY from_days

-- name: credit_left^
SELECT count(*) AS customers, coalesce(sum(credit_minor), 0)::bigint AS credit_minor
  FROM customer_account
 WHERE credit_minor > 0
