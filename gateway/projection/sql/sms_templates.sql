-- name: project_sms_templates!
INSERT INTO sms_template (operator_id, template, language, words, changed_by, changed_at, version)
SELECT operator_id, template, language, words, changed_by, changed_at, version
  FROM unnest(:operator_ids::uuid[], :templates::text[], :languages::text[], :words::text[], :changed_bys::text[],
              :changed_ats::timestamptz[], :versions::bigint[])
    AS t (operator_id, template, language, words, changed_by, changed_at, version)
 ORDER BY operator_id, template, language
ON CONFLICT (operator_id, template, language) DO UPDATE
   SET words = excluded.words, changed_by = excluded.changed_by, changed_at = excluded.changed_at,
       version = excluded.version
 WHERE sms_template.version < excluded.version
