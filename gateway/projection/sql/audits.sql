-- name: say_that_we_audit!
-- Asked each other second for as long as the process lives; it is written only where it was not said lately.
INSERT INTO auditor_heard (heard_at)
SELECT clock_timestamp()
 WHERE NOT EXISTS (SELECT FROM auditor_heard
                    WHERE heard_at > clock_timestamp() - make_interval(secs => :seconds::integer))
ON CONFLICT (id) DO UPDATE SET heard_at = excluded.heard_at

-- name: take_up_audit$
UPDATE audit
   SET state = 'looking', holder = :holder, started_at = :now, promises = :promises,
       lease_until = clock_timestamp() + make_interval(secs => :seconds::integer)
 WHERE id = (SELECT id FROM audit WHERE state = 'waiting' LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id

-- name: note_audit!
UPDATE audit
   SET looked = :looked, suspected = :suspected,
       lease_until = clock_timestamp() + make_interval(secs => :seconds::integer)
 WHERE id = :id AND holder = :holder AND state = 'looking'

-- name: end_audit!
UPDATE audit
   SET state = :state, ended_at = :now, looked = :looked, broken = :broken, findings = :findings, detail = :detail
 WHERE id = :id AND holder = :holder AND state = 'looking'
