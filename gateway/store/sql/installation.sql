-- name: process_reports
SELECT instance, process, reported_at, report
  FROM process_report
 ORDER BY reported_at DESC, instance

-- name: installation_troubles$
-- Letters, partitions that stand still, and processes of which no replica has spoken for a while.
SELECT (SELECT count(*) FROM parked_letter WHERE state = 'open')
       + (SELECT count(*)
            FROM (SELECT FROM process_report
                   WHERE report -> 'is_bulk' IS DISTINCT FROM 'true'
                   GROUP BY process
                  HAVING max(reported_at) < :since) AS silent)
       + (SELECT coalesce(sum(standing), 0)
            FROM (SELECT DISTINCT ON (report ->> 'service') jsonb_array_length(report -> 'set_aside') AS standing
                    FROM process_report
                   ORDER BY report ->> 'service', reported_at DESC) AS newest)

-- name: database_facts^
SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS bytes,
       pg_postmaster_start_time() AS started_at

-- name: open_letters
SELECT id, service, topic, partition, "offset", kind, handler, reason, attempts, first_seen, state
  FROM parked_letter
 WHERE state = 'open'
   AND (:after::uuid IS NULL OR id < :after)
 ORDER BY id DESC
 LIMIT :limit

-- name: letter_by_id^
SELECT id, service, topic, partition, "offset", kind, handler, reason, attempts, first_seen, state
  FROM parked_letter
 WHERE id = :id

-- name: letter_counts^
SELECT count(*) AS open, count(*) FILTER (WHERE first_seen >= :since) AS recent, min(first_seen) AS oldest
  FROM parked_letter
 WHERE state = 'open'

-- name: rebuild_progress^
-- As the statistics collector counts them: a count of its own would read every row each second.
SELECT rebuild.started_at, pg_stat_get_live_tuples(shadow.oid) AS done, pg_stat_get_live_tuples(live.oid) AS rows
  FROM view_rebuild AS rebuild
  LEFT JOIN pg_namespace ON pg_namespace.nspname = :shadow
  LEFT JOIN pg_class AS shadow ON shadow.relnamespace = pg_namespace.oid AND shadow.relname = 'bill'
  LEFT JOIN pg_class AS live
    ON live.relnamespace = current_schema()::regnamespace AND live.relname = 'bill'
 WHERE rebuild.expires_at > clock_timestamp()
