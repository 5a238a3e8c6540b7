-- name: sms_templates_above
-- Every text of an operator's own and of those above it, the nearest first: the first of a kind counts.
SELECT sms_template.operator_id, operator.name AS operator_name, sms_template.template, sms_template.language,
       sms_template.words, sms_template.changed_by, sms_template.changed_at
  FROM operator AS leaf
 CROSS JOIN LATERAL unnest(leaf.path) WITH ORDINALITY AS step (operator_id, place)
  JOIN sms_template ON sms_template.operator_id = step.operator_id AND sms_template.words IS NOT NULL
  JOIN operator ON operator.id = sms_template.operator_id
 WHERE leaf.id = :operator_id
 ORDER BY step.place DESC
