-- name: project_operators
-- Answers the operators that were not known before.
INSERT INTO operator (id, code, name, parent_id, path, version)
SELECT id, code, name, parent_id, path::uuid[], version
  FROM unnest(:ids::uuid[], :codes::text[], :names::text[], :parent_ids::uuid[], :paths::text[],
              :versions::bigint[]) AS t (id, code, name, parent_id, path, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET code = excluded.code, name = excluded.name, parent_id = excluded.parent_id, path = excluded.path,
       version = excluded.version
 WHERE operator.version < excluded.version
RETURNING new.id, (old.id IS NULL) AS is_new
