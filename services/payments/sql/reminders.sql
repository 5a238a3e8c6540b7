-- name: save_rule^
-- A changed rule begins anew today: it catches nothing up that it did not mean then.
INSERT INTO reminder_rule (rule_id, operator_id, days, template, language, enabled, exclude_operator_ids)
VALUES (:rule_id, :operator_id, :days, :template, :language, :enabled, :excluded::uuid[])
    ON CONFLICT (rule_id) DO UPDATE
   SET days = excluded.days, template = excluded.template, language = excluded.language, enabled = excluded.enabled,
       exclude_operator_ids = excluded.exclude_operator_ids, done_through = NULL, version = reminder_rule.version + 1
 WHERE reminder_rule.operator_id = excluded.operator_id
RETURNING rule_id, operator_id, days, template, language, enabled, exclude_operator_ids, done_through, version

-- name: enabled_rules
SELECT rule_id, operator_id, days, template, language, enabled, exclude_operator_ids, done_through, version
  FROM reminder_rule
 WHERE enabled
 ORDER BY rule_id

-- name: rules_after
SELECT rule_id, operator_id, days, template, language, enabled, exclude_operator_ids, done_through, version
  FROM reminder_rule
 WHERE :after_id::uuid IS NULL OR rule_id > :after_id
 ORDER BY rule_id
 LIMIT :most

-- name: bills_to_remind
-- Owed, due on the days that the rule means, of its subtree, and not reminded of by this rule before.
SELECT receivable.invoice_id, receivable.customer_id
  FROM receivable
  JOIN operator_known ON operator_known.operator_id = receivable.operator_id
 WHERE receivable.due_on BETWEEN :due_from AND :due_on
   AND receivable.paid_minor < receivable.total_minor AND NOT receivable.voided
   AND :operator_id = ANY (operator_known.path)
   AND NOT operator_known.path && :excluded::uuid[]
   AND NOT EXISTS (SELECT 1 FROM reminder
                    WHERE reminder.invoice_id = receivable.invoice_id AND reminder.rule_id = :rule_id)
   AND (:after_id::uuid IS NULL OR receivable.invoice_id > :after_id)
 ORDER BY receivable.invoice_id
 LIMIT :most

-- name: skipped_by_rule^
-- Counted for a dry run: those of excluded operators, and those reminded of before.
SELECT count(*) FILTER (WHERE operator_known.path && :excluded::uuid[]) AS excluded,
       count(*) FILTER (WHERE EXISTS (SELECT 1 FROM reminder
                                       WHERE reminder.invoice_id = receivable.invoice_id
                                         AND reminder.rule_id = :rule_id)) AS reminded
  FROM receivable
  JOIN operator_known ON operator_known.operator_id = receivable.operator_id
 WHERE receivable.due_on = :due_on
   AND receivable.paid_minor < receivable.total_minor AND NOT receivable.voided
   AND :operator_id = ANY (operator_known.path)

-- name: rule_is_done!
UPDATE reminder_rule
   SET done_through = :day
 WHERE rule_id = :rule_id AND version = :version AND done_through IS DISTINCT FROM :day

-- name: remember_reminders
INSERT INTO reminder (invoice_id, rule_id, link_id, sent_at)
SELECT sent.invoice_id, :rule_id, sent.link_id, :now
  FROM unnest(:invoice_ids::uuid[], :link_ids::uuid[]) AS sent (invoice_id, link_id)
 ORDER BY sent.invoice_id
    ON CONFLICT DO NOTHING
RETURNING invoice_id

-- name: online_settings^
SELECT send_receipts, version
  FROM online_settings

-- name: change_online_settings^
INSERT INTO online_settings (send_receipts)
VALUES (:send_receipts)
    ON CONFLICT (single) DO UPDATE
   SET send_receipts = excluded.send_receipts, version = online_settings.version + 1
RETURNING send_receipts, version
