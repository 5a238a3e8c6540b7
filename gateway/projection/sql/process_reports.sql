-- name: project_process_reports!
INSERT INTO process_report (instance, process, reported_at, report)
SELECT instance, process, reported_at, report
  FROM unnest(:instances::uuid[], :processes::text[], :reported_ats::timestamptz[], :reports::jsonb[])
    AS t (instance, process, reported_at, report)
 ORDER BY instance
ON CONFLICT (instance) DO UPDATE
   SET reported_at = excluded.reported_at, report = excluded.report
 WHERE process_report.reported_at < excluded.reported_at
