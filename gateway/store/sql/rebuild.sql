-- name: begin_rebuild!
INSERT INTO view_rebuild (started_at) VALUES (:now)
ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at

-- name: end_rebuild!
DELETE FROM view_rebuild

-- name: options_of$
SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = (:place)::regclass

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
