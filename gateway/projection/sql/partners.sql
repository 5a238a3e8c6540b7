-- name: project_partners!
INSERT INTO partner (id, name, operator_id, active, version)
SELECT id, name, operator_id, active, version
  FROM unnest(:ids::uuid[], :names::text[], :operator_ids::uuid[], :active::boolean[], :versions::bigint[])
    AS t (id, name, operator_id, active, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET name = excluded.name, operator_id = excluded.operator_id, active = excluded.active,
       version = excluded.version
 WHERE partner.version < excluded.version
