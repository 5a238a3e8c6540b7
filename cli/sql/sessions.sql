-- name: sessions
-- The oldest first, as others wait for it; a session without a transaction holds nothing and is left out.
SELECT pid, usename AS role, application_name AS application, state,
       wait_event_type AS waiting,
       extract(epoch FROM clock_timestamp() - xact_start)::integer AS seconds,
       pg_blocking_pids(pid) AS waits_for,
       left(regexp_replace(query, '\s+', ' ', 'g'), 80) AS statement
  FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
 ORDER BY xact_start

-- name: end_session$
SELECT pg_terminate_backend(pid)
  FROM pg_stat_activity
 WHERE datname = current_database() AND pid = :pid
