-- name: project_day_closing!
INSERT INTO day_closing (id, operator_id, collector, collector_name, day, currency, lines, payments, collected_minor,
                         cash_minor, late_payments, late_minor, reversed_payments, reversed_minor, expected_minor,
                         counted_minor, note, closed_by, closed_by_name, closed_at, version)
VALUES (:closing_id, :operator_id, :collector, :collector_name, :day, :currency, :lines::jsonb, :payments,
        :collected_minor, :cash_minor, :late_payments, :late_minor, :reversed_payments, :reversed_minor,
        :expected_minor, :counted_minor, :note, :closed_by, :closed_by_name, :closed_at, :version)
    ON CONFLICT (id) DO NOTHING
