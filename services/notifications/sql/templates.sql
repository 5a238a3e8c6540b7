-- name: lock_template!
SELECT pg_advisory_xact_lock(hashtextextended('sms_template ' || :operator_id::uuid::text, 0))

-- name: template_of^
SELECT operator_id, template, language, text, changed_by, changed_at, version
  FROM sms_template
 WHERE operator_id = :operator_id AND template = :template AND language = :language

-- name: save_template!
INSERT INTO sms_template (operator_id, template, language, text, changed_by, changed_at, version)
VALUES (:operator_id, :template, :language, :text, :changed_by, :changed_at, :version)
    ON CONFLICT (operator_id, template, language) DO UPDATE
   SET text = excluded.text, changed_by = excluded.changed_by, changed_at = excluded.changed_at,
       version = excluded.version

-- name: texts
-- The texts that count for each operator: its own, else that of the nearest one above with a text of its own.
SELECT DISTINCT ON (leaf.operator_id, own.template, own.language)
       leaf.operator_id, own.template, own.language, own.text
  FROM operator AS leaf
 CROSS JOIN LATERAL unnest(leaf.path) WITH ORDINALITY AS step (operator_id, place)
  JOIN sms_template AS own ON own.operator_id = step.operator_id AND own.text IS NOT NULL
 WHERE leaf.operator_id = ANY (:operator_ids::uuid[])
 ORDER BY leaf.operator_id, own.template, own.language, step.place DESC
