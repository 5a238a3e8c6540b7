-- name: project_reminder_rules!
INSERT INTO reminder_rule (id, operator_id, days, template, language, enabled, exclude_operator_ids, version)
SELECT id, operator_id, days, template, language, enabled, exclude_operator_ids::uuid[], version
  FROM unnest(:ids::uuid[], :operator_ids::uuid[], :days::integer[], :templates::text[], :languages::text[],
              :enabled::boolean[], :excluded::text[], :versions::bigint[])
    AS t (id, operator_id, days, template, language, enabled, exclude_operator_ids, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET operator_id = excluded.operator_id, days = excluded.days, template = excluded.template,
       language = excluded.language, enabled = excluded.enabled, exclude_operator_ids = excluded.exclude_operator_ids, version = excluded.version
 WHERE reminder_rule.version < excluded.version

-- name: note_reminder_plan!
-- An answer that comes twice is the same answer.
INSERT INTO reminder_plan (operation_id, rule_id, day, total, reminders, skipped, planned_at)
VALUES (:operation_id, :rule_id, :day, :total::bigint, :reminders::jsonb, :skipped::jsonb, :now)
ON CONFLICT (operation_id) DO NOTHING
