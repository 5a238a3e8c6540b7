-- name: project_isp_profiles!
INSERT INTO isp_profile (operator_id, fields, logo, no_logo, valid_from, changed_by, version)
SELECT t.operator_id, t.fields, t.logo, t.no_logo, t.valid_from, t.changed_by, t.version
  FROM unnest(:operator_ids::uuid[], :fields::jsonb[], :logos::jsonb[], :no_logos::boolean[],
              :valid_from::timestamptz[], :changed_by::text[], :versions::bigint[])
       AS t (operator_id, fields, logo, no_logo, valid_from, changed_by, version)
 ORDER BY t.operator_id
    ON CONFLICT (operator_id) DO UPDATE
   SET fields = excluded.fields, logo = excluded.logo, no_logo = excluded.no_logo,
       valid_from = excluded.valid_from, changed_by = excluded.changed_by, version = excluded.version
 WHERE isp_profile.version < excluded.version
