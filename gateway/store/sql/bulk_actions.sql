-- name: add_action!
INSERT INTO bulk_action (id, action, operator_id, caller, actor, scope, parameters, run_id, created_at)
VALUES (:id, :action, :operator_id, :caller, :actor::jsonb, :scope, :parameters::jsonb, :run_id, :now)

-- name: freeze_bills!
-- What the caller cannot see is not found; what needs nothing is settled at once.
INSERT INTO bulk_action_item (action_id, position, bill_id, customer_id, currency, balance_minor, state, outcome, problem)
SELECT :action_id, wanted.position, wanted.id, bill.customer_id, bill.currency, bill.balance_minor,
       CASE WHEN bill.id IS NULL OR bill.status = 'void' THEN 'failed'
            WHEN bill.balance_minor = 0 THEN 'skipped' ELSE 'pending' END,
       CASE WHEN bill.id IS NULL THEN 'not-found' WHEN bill.status = 'void' THEN 'bill-void'
            WHEN bill.balance_minor = 0 THEN 'already-paid' END,
       CASE WHEN bill.id IS NULL THEN '{"code": "not-found", "detail": "There is no such bill."}'::jsonb
            WHEN bill.status = 'void' THEN '{"code": "bill-void", "detail": "The bill is void."}'::jsonb END
  FROM unnest(:bill_ids::uuid[]) WITH ORDINALITY AS wanted (id, position)
  LEFT JOIN bill ON bill.id = wanted.id AND bill.issued_on IS NOT NULL

-- name: freeze_links!
INSERT INTO bulk_action_item (action_id, position, bill_id, customer_id, currency, balance_minor, state, outcome, problem)
SELECT :action_id, planned.position, planned.bill_id, planned.customer_id, planned.currency, planned.balance_minor,
       planned.state, planned.outcome, planned.problem::jsonb
  FROM unnest(:bill_ids::uuid[], :customer_ids::uuid[], :currencies::text[], :balances::bigint[], :states::text[],
              :outcomes::text[], :problems::text[])
       WITH ORDINALITY AS planned (bill_id, customer_id, currency, balance_minor, state, outcome, problem, position)

-- name: count_items!
UPDATE bulk_action
   SET total = t.total, succeeded = t.succeeded, failed = t.failed, skipped = t.skipped,
       state = CASE WHEN t.pending > 0 THEN bulk_action.state
                    WHEN bulk_action.state = 'cancelling' THEN 'cancelled' ELSE 'completed' END
  FROM (SELECT count(*) AS total, count(*) FILTER (WHERE state = 'pending') AS pending,
               count(*) FILTER (WHERE state = 'succeeded') AS succeeded,
               count(*) FILTER (WHERE state = 'failed') AS failed,
               count(*) FILTER (WHERE state = 'skipped') AS skipped
          FROM bulk_action_item WHERE action_id = :action_id) AS t
 WHERE id = :action_id

-- name: action_by_id^
SELECT id, action, state, operator_id, caller, run_id, total, succeeded, failed, skipped, parameters, created_at
  FROM bulk_action
 WHERE id = :id

-- name: lock_action^
SELECT id, action, state, run_id FROM bulk_action WHERE id = :id FOR UPDATE

-- name: items
SELECT position, bill_id, customer_id, state, outcome, problem
  FROM bulk_action_item
 WHERE action_id = :action_id
   AND (:state::text IS NULL OR state = :state)
   AND position > :after::integer
 ORDER BY position
 LIMIT :limit

-- name: next_waiting^
-- The oldest action that has items to send. Documents take longer to make than to ask for: only so many are on
-- their way at a time, so that the rest can be cancelled and nothing else stands behind them.
SELECT id, action, actor, scope, parameters
  FROM bulk_action
 WHERE state IN ('queued', 'running')
   AND (action <> 'download_pdf'
        OR (SELECT count(*) FROM bulk_action_item
             WHERE action_id = bulk_action.id AND bulk_action_item.state = 'pending' AND command_id IS NOT NULL)
           < :most_documents)
   AND EXISTS (SELECT 1 FROM bulk_action_item
                WHERE action_id = bulk_action.id AND bulk_action_item.state = 'pending' AND command_id IS NULL)
 ORDER BY id
 LIMIT 1

-- name: claim_items
UPDATE bulk_action_item
   SET command_id = uuidv7(), sent_at = :now, sends = 1
  FROM (SELECT action_id, position FROM bulk_action_item
         WHERE action_id = :action_id AND state = 'pending' AND command_id IS NULL
         ORDER BY position LIMIT :limit
           FOR UPDATE SKIP LOCKED) AS waiting
 WHERE bulk_action_item.action_id = waiting.action_id AND bulk_action_item.position = waiting.position
RETURNING bulk_action_item.position, bulk_action_item.bill_id, bulk_action_item.customer_id,
          bulk_action_item.currency, bulk_action_item.balance_minor, bulk_action_item.command_id,
          (SELECT undone.command_id
             FROM bulk_action
             JOIN bulk_action_item AS undone ON undone.action_id = (bulk_action.parameters ->> 'undone_action_id')::uuid
            WHERE bulk_action.id = bulk_action_item.action_id
              AND undone.bill_id = bulk_action_item.bill_id) AS undone_payment_id

-- name: claim_unanswered
-- Once its last copy has left the outbox and a growing pause is over, a command goes out again under the same
-- id. While the copy waits, the pause has not begun.
UPDATE bulk_action_item AS item
   SET sent_at = :now, sends = sends + CASE WHEN waits THEN 0 ELSE 1 END
  FROM (SELECT action_id, position, EXISTS (SELECT FROM outbox WHERE message_id = command_id) AS waits
          FROM bulk_action_item
         WHERE state = 'pending' AND command_id IS NOT NULL AND sends < :most_sends
           AND sent_at <= :now::timestamptz - pause_after(1) AND sent_at <= :now::timestamptz - pause_after(sends)
         ORDER BY sent_at LIMIT :limit
           FOR UPDATE SKIP LOCKED) AS late,
       bulk_action
 WHERE item.action_id = late.action_id AND item.position = late.position AND bulk_action.id = item.action_id
RETURNING late.waits, item.action_id, item.position, item.bill_id, item.customer_id, item.currency, item.balance_minor, item.command_id,
          bulk_action.action, bulk_action.actor, bulk_action.scope, bulk_action.parameters,
          (SELECT undone.command_id
             FROM bulk_action_item AS undone
            WHERE undone.action_id = (bulk_action.parameters ->> 'undone_action_id')::uuid
              AND undone.bill_id = item.bill_id) AS undone_payment_id

-- name: start_action!
UPDATE bulk_action SET state = 'running' WHERE id = :id AND state = 'queued'

-- name: end_items
-- Each item ends with its command; the action's counts follow in the same statement. Actions are locked in one
-- order: batches that lay behind a frozen replica end items of several.
WITH ended AS (
    UPDATE bulk_action_item
       SET state = t.state, outcome = t.outcome, problem = t.problem::jsonb
      FROM unnest(:command_ids::uuid[], :states::text[], :outcomes::text[], :problems::text[])
           AS t (command_id, state, outcome, problem)
     WHERE bulk_action_item.command_id = t.command_id AND bulk_action_item.state = 'pending'
    RETURNING action_id, bulk_action_item.state
), counted AS (
    SELECT action_id, count(*) FILTER (WHERE state = 'succeeded') AS succeeded,
           count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE state = 'skipped') AS skipped
      FROM ended GROUP BY action_id
), locked AS (
    SELECT id FROM bulk_action WHERE id IN (SELECT action_id FROM counted) ORDER BY id FOR UPDATE
)
UPDATE bulk_action
   SET succeeded = bulk_action.succeeded + counted.succeeded, failed = bulk_action.failed + counted.failed,
       skipped = bulk_action.skipped + counted.skipped,
       state = CASE WHEN bulk_action.succeeded + bulk_action.failed + bulk_action.skipped
                         + counted.succeeded + counted.failed + counted.skipped < bulk_action.total
                    THEN bulk_action.state
                    WHEN bulk_action.state = 'cancelling' THEN 'cancelled' ELSE 'completed' END
  FROM counted
  JOIN locked ON locked.id = counted.action_id
 WHERE bulk_action.id = locked.id
RETURNING bulk_action.id

-- name: cancel_waiting$
-- How many were still to be sent: where none was, there is nothing to cancel.
WITH cancelled AS (
    UPDATE bulk_action_item SET state = 'skipped', outcome = 'cancelled'
     WHERE action_id = :action_id AND state = 'pending' AND command_id IS NULL
    RETURNING position
)
SELECT count(*) FROM cancelled

-- name: set_state!
UPDATE bulk_action SET state = :state WHERE id = :id

-- name: retry_failed$
-- Failed items are looked at again: the balance of now, under a new command.
WITH again AS (
    UPDATE bulk_action_item AS item
       SET command_id = NULL, sent_at = NULL, customer_id = bill.customer_id, currency = bill.currency,
           balance_minor = bill.balance_minor,
           state = CASE WHEN bill.status = 'void' THEN 'failed' WHEN bill.balance_minor = 0 THEN 'skipped'
                        ELSE 'pending' END,
           outcome = CASE WHEN bill.status = 'void' THEN 'bill-void' WHEN bill.balance_minor = 0 THEN 'already-paid' END,
           problem = CASE WHEN bill.status = 'void' THEN item.problem END
      FROM bill
     WHERE item.action_id = :action_id AND item.state = 'failed' AND bill.id = item.bill_id
       AND bill.issued_on IS NOT NULL
    RETURNING item.state
)
SELECT count(*) FROM again WHERE state = 'pending'

-- name: freeze_undone!
-- What an undo takes back: every payment that the action recorded and nobody has reversed since.
INSERT INTO bulk_action_item (action_id, position, bill_id, customer_id, currency, balance_minor, state, outcome)
SELECT :action_id, item.position, item.bill_id, item.customer_id, item.currency, item.balance_minor,
       CASE WHEN payment.reversed THEN 'skipped' ELSE 'pending' END,
       CASE WHEN payment.reversed THEN 'already-reversed' END
  FROM bulk_action_item AS item
  LEFT JOIN payment ON payment.id = item.command_id
 WHERE item.action_id = :undone_action_id AND item.state = 'succeeded'

-- name: undo_of$
SELECT id FROM bulk_action
 WHERE action = 'undo_mark_paid' AND parameters ->> 'undone_action_id' = :action_id::text
 LIMIT 1

-- name: bulk_actions
SELECT id, action, state, total, succeeded, failed, skipped, parameters, run_id, created_at, actor ->> 'name' AS actor_name
  FROM bulk_action
 WHERE (:top::uuid IS NULL OR operator_id = :top
        OR operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid]))
   AND (:after::uuid IS NULL OR id < :after)
 ORDER BY id DESC
 LIMIT :limit

-- name: running_bulk_actions$
SELECT count(*)
  FROM bulk_action
 WHERE state IN ('queued', 'running', 'cancelling') AND run_id IS NULL
   AND (:top::uuid IS NULL OR operator_id = :top
        OR operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid]))

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

-- name: bulk_item_page
-- What became of each bill: what failed and what was skipped come first, for these are looked for. A payment that
-- the action recorded carries the id of its command; what cannot be seen has no number.
SELECT item.place, item.bill_id, item.customer_id, item.state, item.outcome, item.problem, item.currency,
       item.balance_minor, bill.number, bill.customer_name, bill.customer_code, bill.status AS bill_status,
       bill.balance_minor AS left_minor, payment.id AS payment_id, payment.reference, payment.reversed
  FROM (SELECT position + 1000000000::bigint
                   * array_position(ARRAY['failed', 'skipped', 'pending', 'succeeded'], bulk_action_item.state) AS place,
               bill_id, customer_id, state, outcome, problem, currency, balance_minor, command_id
          FROM bulk_action_item
         WHERE action_id = :action_id AND (:state::text IS NULL OR state = :state)) AS item
  LEFT JOIN bill ON bill.id = item.bill_id AND bill.issued_on IS NOT NULL
  LEFT JOIN payment ON payment.id = item.command_id
 WHERE item.place > :after::bigint
 ORDER BY item.place
 LIMIT :limit
