-- name: isp_profiles_on_paths
-- Operators, each with those above it, nearest first, and what each says of itself.
SELECT own.id AS own_id, above.id, above.name AS operator_name, isp_profile.fields, isp_profile.logo,
       coalesce(isp_profile.no_logo, FALSE) AS no_logo, isp_profile.valid_from, isp_profile.changed_by,
       coalesce(isp_profile.version, 0) AS version
  FROM operator AS own
  JOIN operator AS above ON above.id = ANY (own.path)
  LEFT JOIN isp_profile ON isp_profile.operator_id = above.id
 WHERE own.id = ANY(:operator_ids::uuid[])
 ORDER BY cardinality(above.path) DESC
