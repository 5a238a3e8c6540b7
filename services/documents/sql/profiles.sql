-- name: lock_profile!
-- Two changes of one operator's profile happen one after another, also before there is a row to lock.
SELECT pg_advisory_xact_lock(hashtextextended('isp_profile ' || :operator_id::uuid::text, 0))

-- name: newest_profile^
SELECT operator_id, version, valid_from, fields, logo, no_logo, changed_by
  FROM isp_profile
 WHERE operator_id = :operator_id
 ORDER BY version DESC
 LIMIT 1

-- name: add_profile!
INSERT INTO isp_profile (operator_id, version, valid_from, fields, logo, no_logo, changed_by)
VALUES (:operator_id, :version, :valid_from, :fields, :logo, :no_logo, :changed_by)

-- name: profiles_on_path
-- The version valid at a moment of every operator on a path, nearest first, each with its name.
SELECT operator.operator_id, operator.name AS operator_name, valid.version, valid.fields, valid.logo, valid.no_logo
  FROM unnest((SELECT leaf.path FROM operator AS leaf WHERE leaf.operator_id = :operator_id))
       WITH ORDINALITY AS step (operator_id, place)
  JOIN operator ON operator.operator_id = step.operator_id
  LEFT JOIN LATERAL (
       SELECT isp_profile.version, isp_profile.fields, isp_profile.logo, isp_profile.no_logo
         FROM isp_profile
        WHERE isp_profile.operator_id = step.operator_id AND isp_profile.valid_from <= :moment
        ORDER BY isp_profile.version DESC
        LIMIT 1) AS valid ON TRUE
 ORDER BY step.place DESC

-- name: newest_profiles
SELECT DISTINCT ON (operator_id) operator_id, version, valid_from, fields, logo, no_logo, changed_by
  FROM isp_profile
 ORDER BY operator_id, version DESC
