-- name: last_closing_at$
-- The moment up to which everything of a collector or an operator has been counted.
SELECT max(closed_at)
  FROM day_closing
 WHERE (:collector::text IS NULL AND collector IS NULL AND operator_id = :operator_id) OR collector = :collector

-- name: sheet_lines
-- As payments sums a day up when it is closed.
SELECT method, split_part(source, ':', 1) AS source, count(*) AS payments, sum(amount_minor)::bigint AS amount_minor
  FROM payment
 WHERE paid_on = :day AND NOT reversed
   AND CASE WHEN :collector::text IS NULL
            THEN operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[:operator_id::uuid])
            ELSE recorded_by = :collector AND source = 'desk' END
 GROUP BY 1, 2
 ORDER BY 1, 2

-- name: sheet_late^
SELECT count(*) AS payments, coalesce(sum(amount_minor), 0)::bigint AS amount_minor
  FROM payment
 WHERE recorded_at > :since AND NOT reversed AND source = 'desk' AND method = 'cash'
   AND CASE WHEN :collector::text IS NULL
            THEN operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[:operator_id::uuid])
            ELSE recorded_by = :collector END
   AND paid_on IN (SELECT day FROM day_closing
                    WHERE (:collector::text IS NULL AND collector IS NULL AND operator_id = :operator_id)
                       OR collector = :collector)

-- name: sheet_reversed^
SELECT count(*) AS payments, coalesce(sum(amount_minor), 0)::bigint AS amount_minor
  FROM payment
 WHERE reversed AND reversed_at > :since AND recorded_at <= :since AND source = 'desk' AND method = 'cash'
   AND CASE WHEN :collector::text IS NULL
            THEN operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[:operator_id::uuid])
            ELSE recorded_by = :collector END
   AND paid_on IN (SELECT day FROM day_closing
                    WHERE (:collector::text IS NULL AND collector IS NULL AND operator_id = :operator_id)
                       OR collector = :collector)

-- name: corrections_of_day
-- What was recorded or taken back for a day after it had been closed, the last first.
SELECT payment.id, payment.amount_minor, payment.method, payment.source, payment.reference, payment.recorded_at,
       payment.recorded_by, payment.recorded_by_name, payment.reversed, payment.reversed_at, payment.reversal_reason,
       payment.recorded_at > :closed_at AS is_late,
       customer.code AS customer_code, customer.name AS customer_name
  FROM payment
  LEFT JOIN customer ON customer.id = payment.customer_id
 WHERE payment.paid_on = :day
   AND (payment.recorded_at > :closed_at OR (payment.reversed AND payment.reversed_at > :closed_at))
   AND CASE WHEN :collector::text IS NULL
            THEN payment.operator_id IN (SELECT operator.id FROM operator
                                          WHERE operator.path @> ARRAY[:operator_id::uuid])
            ELSE payment.recorded_by = :collector AND payment.source = 'desk' END
 ORDER BY greatest(payment.recorded_at, payment.reversed_at) DESC, payment.id
 LIMIT :limit

-- name: papers_of_day
-- Cheques to hand over, one by one.
SELECT payment.id, payment.amount_minor, payment.reference, payment.note, customer.code AS customer_code,
       customer.name AS customer_name
  FROM payment
  LEFT JOIN customer ON customer.id = payment.customer_id
 WHERE payment.paid_on = :day AND NOT payment.reversed AND payment.method = 'cheque' AND payment.source = 'desk'
   AND (:until::timestamptz IS NULL OR payment.recorded_at <= :until)
   AND CASE WHEN :collector::text IS NULL
            THEN payment.operator_id IN (SELECT operator.id FROM operator
                                          WHERE operator.path @> ARRAY[:operator_id::uuid])
            ELSE payment.recorded_by = :collector END
 ORDER BY payment.recorded_at, payment.id
 LIMIT :limit
