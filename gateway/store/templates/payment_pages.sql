-- Pages of payments, for each sort of `payment_pages.SORTS`; `$column`, `$type`, `$direction` and `$beyond` are the
-- sort's.

-- part: sought
-- A filter that is not given is null and folds away: these statements are planned for the very values.
(:tops::uuid[] IS NULL OR operator_id IN (SELECT id FROM operator WHERE path && :tops::uuid[]))
   AND (:methods::text[] IS NULL OR method = ANY (:methods::text[]))
   AND (:sources::text[] IS NULL OR source = ANY (:sources::text[])
        OR split_part(source, ':', 1) = ANY (:sources::text[]))
   AND (:recorded_by::text IS NULL OR recorded_by = :recorded_by)
   AND (:paid_from::date IS NULL OR paid_on >= :paid_from)
   AND (:paid_to::date IS NULL OR paid_on <= :paid_to)
   AND (:since::timestamptz IS NULL OR recorded_at >= :since)
   AND (:before::timestamptz IS NULL OR recorded_at < :before)
   AND (:reversed::boolean IS NULL OR reversed = :reversed)
   AND (:with_credit::boolean IS NULL OR (credit_minor > 0) = :with_credit)
   AND (:customer_ids::uuid[] IS NULL OR customer_id = ANY (:customer_ids::uuid[])
        OR id = ANY (:payment_ids::uuid[]))

-- name: payments_$sort
-- The page first, then whose each of its rows is: a payment may outlive its customer's stay in the reach.
WITH page AS MATERIALIZED (
    SELECT id, customer_id, operator_id, bill_id, amount_minor, allocated_minor, credit_minor, currency, method,
           paid_on, recorded_at, recorded_by, recorded_by_name, source, external_id, reference, note, reversed,
           reversal_reason, reversed_at, reversed_by, version
      FROM payment
     WHERE $sought
       AND (:after_id::uuid IS NULL OR ($column, id) $beyond (:after::$type, :after_id))
     ORDER BY $column $direction, id $direction
     LIMIT :limit
)
SELECT page.id, page.customer_id, page.operator_id, page.bill_id, page.amount_minor, page.allocated_minor,
       page.credit_minor, page.currency, page.method, page.paid_on, page.recorded_at, page.recorded_by,
       page.recorded_by_name, page.source, page.external_id, page.reference, page.note, page.reversed,
       page.reversal_reason, page.reversed_at, page.reversed_by, page.version,
       customer.code AS customer_code, customer.name AS customer_name, customer.mobile AS customer_mobile,
       operator.name AS operator_name, bill.number AS bill_number, bill.balance_minor AS bill_balance_minor,
       (SELECT count(*) FROM payment_allocation AS part
         WHERE part.payment_id = page.id AND part.amount_minor > 0) AS bills
  FROM page
  LEFT JOIN customer ON customer.id = page.customer_id
  LEFT JOIN operator ON operator.id = page.operator_id
  LEFT JOIN bill ON bill.id = page.bill_id
 ORDER BY page.$column $direction, page.id $direction
