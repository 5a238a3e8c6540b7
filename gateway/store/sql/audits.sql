-- name: ask_for_audit!
-- One at a time: whoever asks while one is under way is shown that one.
INSERT INTO audit (id, asked_by, asked_at, lease_until)
VALUES (:id, :asked_by, :now, clock_timestamp() + make_interval(secs => :seconds::integer))
ON CONFLICT DO NOTHING

-- name: end_abandoned_audits!
-- Leases are about processes, so real time on purpose.
UPDATE audit
   SET state = 'interrupted', ended_at = :now
 WHERE state IN ('waiting', 'looking') AND lease_until < clock_timestamp()

-- name: newest_audit^
SELECT asked_by, asked_at, started_at, ended_at, promises, looked, suspected, broken, findings, detail,
       CASE WHEN state IN ('waiting', 'looking') AND lease_until < clock_timestamp() THEN 'interrupted'
            ELSE state END AS state
  FROM audit
 ORDER BY asked_at DESC
 LIMIT 1

-- name: auditor_was_heard$
SELECT EXISTS (SELECT FROM auditor_heard
                WHERE heard_at > clock_timestamp() - make_interval(secs => :seconds::integer))
