-- name: selection_summary^
-- What a selection of bills adds up to, before anything is done with it.
SELECT count(*) AS bills,
       count(*) FILTER (WHERE status = 'unpaid') AS unpaid,
       count(*) FILTER (WHERE status = 'partial') AS partial,
       count(*) FILTER (WHERE status NOT IN ('unpaid', 'partial')) AS other,
       coalesce(sum(balance_minor) FILTER (WHERE status IN ('unpaid', 'partial')), 0)::bigint AS balance_minor,
       min(operator_name) AS operator_name, count(DISTINCT operator_id) AS operators
  FROM bill
 WHERE id = ANY (:bill_ids::uuid[]) AND issued_on IS NOT NULL

-- name: bulk_actions
SELECT id, action, state, total, succeeded, failed, skipped, parameters, run_id, created_at, actor ->> 'name' AS actor_name
  FROM bulk_action
 WHERE (:reach::uuid[] IS NULL OR operator_id = ANY (:reach::uuid[]))
   AND (:after::uuid IS NULL OR id < :after)
 ORDER BY id DESC
 LIMIT :limit

-- name: running_bulk_actions$
SELECT count(*)
  FROM bulk_action
 WHERE state IN ('queued', 'running', 'cancelling') AND run_id IS NULL
   AND (:reach::uuid[] IS NULL OR operator_id = ANY (:reach::uuid[]))

-- name: bulk_action_facts^
SELECT action.id, action.actor ->> 'name' AS actor_name, action.created_at,
       coalesce(sum(item.balance_minor) FILTER (WHERE item.state = 'succeeded'), 0)::bigint AS succeeded_minor
  FROM bulk_action AS action
  LEFT JOIN bulk_action_item AS item ON item.action_id = action.id
 WHERE action.id = :action_id
 GROUP BY action.id

-- name: items_shown
-- Items of one state with the bill that each is about; what cannot be seen has no number.
SELECT item.bill_id, item.state, item.outcome, item.problem, item.balance_minor, bill.number, bill.customer_name
  FROM bulk_action_item AS item
  LEFT JOIN bill ON bill.id = item.bill_id AND bill.issued_on IS NOT NULL
 WHERE item.action_id = :action_id AND item.state = :state
   AND item.position > :after::integer
 ORDER BY item.outcome, item.position
 LIMIT :limit

-- name: outcomes
SELECT state, outcome, count(*) AS items
  FROM bulk_action_item
 WHERE action_id = :action_id AND state IN ('failed', 'skipped')
 GROUP BY state, outcome
 ORDER BY items DESC
