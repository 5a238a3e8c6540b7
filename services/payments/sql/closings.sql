-- name: keep_days_open!
-- Whoever moves money lets no day be closed until they have committed: what is in a closed day is in it whole.
SELECT pg_advisory_xact_lock_shared(7326301)

-- name: close_days_alone!
-- Waits for all who move money, so that the moment of the closing parts before from after.
SELECT pg_advisory_xact_lock(7326301)

-- name: last_closing$
-- The moment up to which everything of a collector or an operator has been counted.
SELECT max(closed_at)
  FROM day_closing
 WHERE (:collector::text IS NULL AND collector IS NULL AND operator_id = :operator_id) OR collector = :collector

-- name: day_is_closed$
SELECT EXISTS (
    SELECT 1 FROM day_closing
     WHERE day = :day
       AND ((:collector::text IS NULL AND collector IS NULL AND operator_id = :operator_id)
            OR collector = :collector))

-- name: collected_on_day
-- By method and by the way it came; cash that a partner took is in the partner's hand.
SELECT method, split_part(source, ':', 1) AS source, count(*) AS payments, sum(amount_minor)::bigint AS amount_minor
  FROM payment
 WHERE paid_on = :day AND NOT reversed
   AND CASE WHEN :collector::text IS NULL
            THEN operator_id IN (SELECT operator_known.operator_id FROM operator_known
                                  WHERE operator_known.path @> ARRAY[:operator_id::uuid])
            ELSE recorded_by = :collector AND source = 'desk' END
 GROUP BY 1, 2
 ORDER BY 1, 2

-- name: late_on_closed_days^
-- Cash of days that were closed, recorded since the last closing.
SELECT count(*) AS payments, coalesce(sum(amount_minor), 0)::bigint AS amount_minor
  FROM payment
 WHERE recorded_at > :since AND NOT reversed AND source = 'desk' AND method = 'cash'
   AND CASE WHEN :collector::text IS NULL
            THEN operator_id IN (SELECT operator_known.operator_id FROM operator_known
                                  WHERE operator_known.path @> ARRAY[:operator_id::uuid])
            ELSE recorded_by = :collector END
   AND paid_on IN (SELECT day FROM day_closing
                    WHERE (:collector::text IS NULL AND collector IS NULL AND operator_id = :operator_id)
                       OR collector = :collector)

-- name: reversed_on_closed_days^
-- Cash of days that were closed, counted then and taken back since the last closing.
SELECT count(*) AS payments, coalesce(sum(amount_minor), 0)::bigint AS amount_minor
  FROM payment
 WHERE reversed AND reversed_at > :since AND recorded_at <= :since AND source = 'desk' AND method = 'cash'
   AND CASE WHEN :collector::text IS NULL
            THEN operator_id IN (SELECT operator_known.operator_id FROM operator_known
                                  WHERE operator_known.path @> ARRAY[:operator_id::uuid])
            ELSE recorded_by = :collector END
   AND paid_on IN (SELECT day FROM day_closing
                    WHERE (:collector::text IS NULL AND collector IS NULL AND operator_id = :operator_id)
                       OR collector = :collector)

-- name: save_closing!
INSERT INTO day_closing (closing_id, operator_id, collector, collector_name, day, currency, lines, payments,
                         collected_minor, cash_minor, late_payments, late_minor, reversed_payments, reversed_minor,
                         expected_minor, counted_minor, note, closed_by, closed_by_name, closed_at)
VALUES (:closing_id, :operator_id, :collector, :collector_name, :day, :currency, :lines::jsonb, :payments,
        :collected_minor, :cash_minor, :late_payments, :late_minor, :reversed_payments, :reversed_minor,
        :expected_minor, :counted_minor, :note, :closed_by, :closed_by_name, :closed_at)

-- name: closings_after
SELECT closing_id, operator_id, collector, collector_name, day, currency, lines, payments, collected_minor,
       cash_minor, late_payments, late_minor, reversed_payments, reversed_minor, expected_minor, counted_minor, note,
       closed_by, closed_by_name, closed_at
  FROM day_closing
 WHERE :after_id::uuid IS NULL OR closing_id > :after_id
 ORDER BY closing_id
 LIMIT :most
