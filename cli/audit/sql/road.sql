-- name: nothing_is_stuck_in_an_outbox
WITH waiting AS (
  SELECT 'invoicing.outbox' AS relation, id, topic, occurred_at FROM invoicing.outbox
   UNION ALL
  SELECT 'payments.outbox', id, topic, occurred_at FROM payments.outbox
   UNION ALL
  SELECT 'notifications.outbox', id, topic, occurred_at FROM notifications.outbox
   UNION ALL
  SELECT 'documents.outbox', id, topic, occurred_at FROM documents.outbox
   UNION ALL
  SELECT 'gateway.outbox', id, topic, occurred_at FROM gateway.outbox
)
SELECT relation, id::text AS id, 'sent within 60 s' AS expected,
       'for ' || topic || ' since ' || to_char(occurred_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS found
  FROM waiting
 WHERE occurred_at < current_setting('ispbills.now')::timestamptz - interval '60 seconds'

-- name: every_partition_is_read
-- One set aside waits for a person: `ispbills dead-letters skip` steps over what cannot be read.
WITH standing AS (
  SELECT 'invoicing.partition_set_aside' AS relation, topic, partition, handler, "offset", reason, first_seen
    FROM invoicing.partition_set_aside WHERE closed_at IS NULL
   UNION ALL
  SELECT 'payments.partition_set_aside', topic, partition, handler, "offset", reason, first_seen
    FROM payments.partition_set_aside WHERE closed_at IS NULL
   UNION ALL
  SELECT 'notifications.partition_set_aside', topic, partition, handler, "offset", reason, first_seen
    FROM notifications.partition_set_aside WHERE closed_at IS NULL
   UNION ALL
  SELECT 'documents.partition_set_aside', topic, partition, handler, "offset", reason, first_seen
    FROM documents.partition_set_aside WHERE closed_at IS NULL
   UNION ALL
  SELECT 'gateway.partition_set_aside', topic, partition, handler, "offset", reason, first_seen
    FROM gateway.partition_set_aside WHERE closed_at IS NULL
)
SELECT relation, topic || '[' || partition || ']' AS id, 'read by ' || handler AS expected,
       'set aside at ' || "offset" || ' since ' || to_char(first_seen, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
         || ': ' || reason AS found
  FROM standing

-- name: an_answered_operation_is_closed
-- Its command was taken in five minutes ago or more, and nothing that waits in an outbox answers it.
-- A payment may rightly wait for its invoice, and a void for what the gateway knows of its money.
WITH taken AS (
  SELECT message_id FROM invoicing.inbox
   UNION ALL
  SELECT message_id FROM payments.inbox
   UNION ALL
  SELECT message_id FROM notifications.inbox
   UNION ALL
  SELECT message_id FROM documents.inbox
), coming AS (
  SELECT causation_id AS id FROM invoicing.outbox
   UNION ALL
  SELECT causation_id FROM payments.outbox
   UNION ALL
  SELECT causation_id FROM notifications.outbox
   UNION ALL
  SELECT causation_id FROM documents.outbox
   UNION ALL
  SELECT command_id FROM payments.waiting_command
   UNION ALL
  SELECT command_id FROM payments.gateway_change
   UNION ALL
  SELECT (envelope ->> 'id')::uuid FROM payments.gateway_refund WHERE state IN ('queued', 'sending')
   UNION ALL
  SELECT command_id FROM invoicing.pending_void
   UNION ALL
  SELECT document_id FROM documents.rendering
   UNION ALL
  SELECT command_id FROM documents.rendering
)
SELECT 'gateway.operation' AS relation, operation.id::text AS id, 'completed or refused' AS expected,
       operation.kind || ' pending since ' || to_char(operation.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS found
  FROM gateway.operation
 WHERE operation.state = 'pending'
   AND operation.created_at < current_setting('ispbills.now')::timestamptz - interval '5 minutes'
   AND EXISTS (SELECT 1 FROM taken WHERE taken.message_id = operation.id)
   AND NOT EXISTS (SELECT 1 FROM coming WHERE coming.id = operation.id)
   AND NOT EXISTS (SELECT 1 FROM invoicing.run WHERE run.id = operation.subject_id AND run.state <> 'completed')

-- name: a_bulk_action_counts_its_items
WITH counted AS (
  SELECT action_id, count(*) AS items,
         count(*) FILTER (WHERE state = 'succeeded') AS succeeded,
         count(*) FILTER (WHERE state = 'failed') AS failed,
         count(*) FILTER (WHERE state = 'skipped') AS skipped
    FROM gateway.bulk_action_item
   GROUP BY action_id
)
SELECT 'gateway.bulk_action' AS relation, action.id::text AS id,
       coalesce(counted.items, 0) || ' items and ' || coalesce(counted.succeeded, 0) || ' succeeded and '
         || coalesce(counted.failed, 0) || ' failed and ' || coalesce(counted.skipped, 0) || ' skipped' AS expected,
       action.total || ' items and ' || action.succeeded || ' succeeded and ' || action.failed || ' failed and '
         || action.skipped || ' skipped' AS found
  FROM gateway.bulk_action AS action
  LEFT JOIN counted ON counted.action_id = action.id
 WHERE action.run_id IS NULL
   AND (action.total, action.succeeded, action.failed, action.skipped)
       <> (coalesce(counted.items, 0), coalesce(counted.succeeded, 0), coalesce(counted.failed, 0),
           coalesce(counted.skipped, 0))

-- name: a_command_is_answered
-- It has left the outbox, and was sent again three times over twenty minutes or lies there for an hour without
-- an end. A republish ends when all of it is said, however long that takes.
WITH unanswered AS (
  SELECT 'gateway.operation' AS relation, operation.id::text AS id, operation.id AS command_id, type,
         sends, sent_at
    FROM gateway.operation
   WHERE state = 'pending' AND topic IS NOT NULL AND type <> 'republish.v1'
   UNION ALL
  SELECT 'gateway.customer_import_chunk', message_id::text, message_id, type, sends, sent_at
    FROM gateway.customer_import_chunk
   WHERE created IS NULL AND payload IS NOT NULL
   UNION ALL
  SELECT 'gateway.bulk_action_item', action_id || '/' || position, command_id, 'command of a bulk action',
         sends, sent_at
    FROM gateway.bulk_action_item
   WHERE state = 'pending' AND command_id IS NOT NULL
)
SELECT relation, id, 'an answer' AS expected,
       'none to ' || type || ', sent ' || sends || ' times, last at '
         || to_char(sent_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS found
  FROM unanswered
 WHERE (sends >= 4 OR sent_at < current_setting('ispbills.now')::timestamptz - interval '1 hour')
   AND NOT EXISTS (SELECT FROM gateway.outbox WHERE message_id = unanswered.command_id)
