-- name: project_runs!
INSERT INTO run (id, kind, state, period, operator_id, package_id, customer_id, dry_run, expected, created,
                 already_billed, skipped, failed, total_minor, currency, requested_by, started_at, completed_at,
                 version)
SELECT id, kind, state, period, operator_id, package_id, customer_id, dry_run, expected, created,
       already_billed, skipped::jsonb, failed, total_minor, currency, requested_by, started_at, completed_at, version
  FROM unnest(:ids::uuid[], :kinds::text[], :states::text[], :periods::text[], :operator_ids::uuid[],
              :package_ids::uuid[], :customer_ids::uuid[], :dry_runs::boolean[], :expected::bigint[],
              :created::bigint[], :already_billed::bigint[], :skipped::text[], :failed::bigint[],
              :totals::bigint[], :currencies::text[], :requested_bys::text[], :started_ats::timestamptz[],
              :completed_ats::timestamptz[], :versions::bigint[])
    AS t (id, kind, state, period, operator_id, package_id, customer_id, dry_run, expected, created,
          already_billed, skipped, failed, total_minor, currency, requested_by, started_at, completed_at, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET state = excluded.state, expected = excluded.expected, created = excluded.created,
       already_billed = excluded.already_billed, skipped = excluded.skipped, failed = excluded.failed,
       total_minor = excluded.total_minor, completed_at = excluded.completed_at, version = excluded.version
 WHERE run.version < excluded.version

-- name: project_run_entries!
INSERT INTO run_entry (run_id, customer_id, code, outcome, reason, bill_id)
SELECT run_id, customer_id, code, outcome, reason, bill_id
  FROM unnest(:run_ids::uuid[], :customer_ids::uuid[], :codes::text[], :outcomes::text[], :reasons::text[],
              :bill_ids::uuid[]) AS t (run_id, customer_id, code, outcome, reason, bill_id)
 ORDER BY run_id, customer_id
ON CONFLICT (run_id, customer_id) DO UPDATE
   SET outcome = excluded.outcome, reason = excluded.reason, bill_id = excluded.bill_id
