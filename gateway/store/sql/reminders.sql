-- name: reminder_rules
SELECT reminder_rule.id, reminder_rule.operator_id, operator.name AS operator_name, reminder_rule.days,
       reminder_rule.template, reminder_rule.language, reminder_rule.enabled, reminder_rule.exclude_operator_ids, reminder_rule.version
  FROM reminder_rule
  JOIN operator ON operator.id = reminder_rule.operator_id
 WHERE (:operator_id::uuid IS NULL OR reminder_rule.operator_id = :operator_id)
 ORDER BY cardinality(operator.path), operator.name, reminder_rule.days, reminder_rule.id

-- name: reminder_rule_by_id^
SELECT reminder_rule.id, reminder_rule.operator_id, operator.name AS operator_name, reminder_rule.days,
       reminder_rule.template, reminder_rule.language, reminder_rule.enabled, reminder_rule.exclude_operator_ids, reminder_rule.version
  FROM reminder_rule
  JOIN operator ON operator.id = reminder_rule.operator_id
 WHERE reminder_rule.id = :id

-- name: reminder_plan^
SELECT rule_id, day, total, reminders, skipped FROM reminder_plan WHERE operation_id = :operation_id
