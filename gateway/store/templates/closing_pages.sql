-- Days that were closed, each with what its operator is called.

-- part: closing
day_closing.id, day_closing.operator_id, operator.name AS operator_name, day_closing.collector,
       day_closing.collector_name, day_closing.day, day_closing.currency, day_closing.lines, day_closing.payments,
       day_closing.collected_minor, day_closing.cash_minor, day_closing.late_payments, day_closing.late_minor,
       day_closing.reversed_payments, day_closing.reversed_minor, day_closing.expected_minor,
       day_closing.counted_minor, day_closing.note, day_closing.closed_by, day_closing.closed_by_name,
       day_closing.closed_at
  FROM day_closing
  LEFT JOIN operator ON operator.id = day_closing.operator_id

-- name: closing_by_id^
SELECT $closing
 WHERE day_closing.id = :id

-- name: closing_of_day^
SELECT $closing
 WHERE day_closing.day = :day
   AND ((:collector::text IS NULL AND day_closing.collector IS NULL AND day_closing.operator_id = :operator_id)
        OR day_closing.collector = :collector)

-- name: closings
-- The last days first; a list of one collector, of one operator's own days, or of all within reach.
SELECT $closing
 WHERE (:top::uuid IS NULL
        OR day_closing.operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid]))
   AND (:collector::text IS NULL OR day_closing.collector = :collector)
   AND (:operator_id::uuid IS NULL
        OR (day_closing.operator_id = :operator_id AND day_closing.collector IS NULL))
   AND (:after_day::date IS NULL OR (day_closing.day, day_closing.id) < (:after_day::date, :after_id::uuid))
 ORDER BY day_closing.day DESC, day_closing.id DESC
 LIMIT :limit

