-- name: project_partners!
INSERT INTO partner (id, name, operator_id, active, paused, key_changed_at, bytes_per_second, version)
SELECT id, name, operator_id, active, paused, key_changed_at, bytes_per_second, version
  FROM unnest(:ids::uuid[], :names::text[], :operator_ids::uuid[], :active::boolean[], :paused::boolean[],
              :keys_changed_at::timestamptz[], :bytes_per_second::bigint[], :versions::bigint[])
    AS t (id, name, operator_id, active, paused, key_changed_at, bytes_per_second, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET name = excluded.name, operator_id = excluded.operator_id, active = excluded.active,
       paused = excluded.paused, key_changed_at = excluded.key_changed_at,
       bytes_per_second = excluded.bytes_per_second, version = excluded.version
 WHERE partner.version < excluded.version
