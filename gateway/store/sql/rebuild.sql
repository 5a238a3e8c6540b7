-- name: hold_session$
-- A rebuild whose session is gone is over, whatever its lease says.
SELECT pg_advisory_lock(hashtextextended((:holder::uuid)::text, 7326202))::text

-- name: leave_session$
SELECT pg_advisory_unlock(hashtextextended((:holder::uuid)::text, 7326202))

-- name: no_migration_runs$
SELECT pg_try_advisory_xact_lock_shared(:lock::bigint)

-- name: rebuild_under_way^
-- Real time on purpose: a lease is about processes, not about billing.
SELECT started_at,
       pg_try_advisory_xact_lock_shared(hashtextextended(holder::text, 7326202)) AS is_gone
  FROM view_rebuild
 WHERE expires_at > clock_timestamp()

-- name: begin_rebuild!
INSERT INTO view_rebuild (holder, started_at, expires_at)
VALUES (:holder, :now, clock_timestamp() + make_interval(secs => :seconds::integer))
ON CONFLICT (id) DO UPDATE
   SET holder = excluded.holder, started_at = excluded.started_at, expires_at = excluded.expires_at

-- name: renew_lease$
-- An expired lease that nobody has ended can be renewed: until its row is gone, every batch is written twice.
UPDATE view_rebuild
   SET expires_at = clock_timestamp() + make_interval(secs => :seconds::integer)
 WHERE holder = :holder
   AND to_regnamespace(:shadow) IS NOT NULL
RETURNING true

-- name: may_swap$
SELECT EXISTS (SELECT 1 FROM view_rebuild WHERE holder = :holder) AND to_regnamespace(:shadow) IS NOT NULL

-- name: end_rebuild$
DELETE FROM view_rebuild WHERE holder = :holder RETURNING true

-- name: options_of$
SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = (:place)::regclass

-- name: statistics_of
-- Columns of which other statistics are kept than of all; LIKE leaves that out.
SELECT attname AS name, attstattarget AS target
  FROM pg_attribute
 WHERE attrelid = (:place)::regclass AND attnum > 0 AND NOT attisdropped AND attstattarget >= 0
 ORDER BY attnum

-- name: constraints_of
SELECT conname AS name, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint
 WHERE conrelid = (:place)::regclass AND contype IN ('p', 'u')
 ORDER BY conname

-- name: indexes_of
-- Those that no constraint makes.
SELECT pg_get_indexdef(indexrelid) AS definition
  FROM pg_index
 WHERE indrelid = (:place)::regclass
   AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
 ORDER BY indexrelid

-- name: policies_of
SELECT policyname AS name, cmd, array_to_string(roles, ', ') AS roles, qual, with_check
  FROM pg_policies
 WHERE schemaname = :schema AND tablename = :name
 ORDER BY policyname
