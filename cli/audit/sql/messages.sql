-- name: a_message_is_sent_at_most_once
-- The index that holds this may be gone; whoever is asked twice pays twice.
SELECT 'notifications.attempt' AS relation, message_id::text AS id, 'one attempt that may have sent it' AS expected,
       count(*)::text AS found
  FROM notifications.attempt
 WHERE outcome IS NULL OR outcome <> 'not-taken'
 GROUP BY message_id
HAVING count(*) > 1

-- name: a_message_is_sent_again_only_where_it_is_known_not_to_have_been
-- An attempt begins after every earlier one has ended without sending.
SELECT 'notifications.attempt' AS relation, later.message_id::text AS id,
       'attempt ' || earlier.number || ' ended without sending' AS expected,
       coalesce(earlier.outcome, 'no end') || ' before attempt ' || later.number AS found
  FROM notifications.attempt AS later
  JOIN notifications.attempt AS earlier
    ON earlier.message_id = later.message_id AND earlier.number < later.number
 WHERE earlier.outcome IS DISTINCT FROM 'not-taken'

-- name: a_message_is_what_its_last_attempt_says
SELECT 'notifications.message' AS relation, message.message_id::text AS id,
       CASE last.outcome WHEN 'taken' THEN 'sent, delivered or reported failed'
                         WHEN 'unknown' THEN 'unknown'
                         WHEN 'not-taken' THEN 'queued or failed'
                         ELSE 'sending' END AS expected,
       message.state AS found
  FROM notifications.message
  JOIN LATERAL (SELECT attempt.outcome
                  FROM notifications.attempt
                 WHERE attempt.message_id = message.message_id
                 ORDER BY attempt.number DESC
                 LIMIT 1) AS last ON TRUE
 WHERE message.state <> ALL (CASE last.outcome WHEN 'taken' THEN ARRAY['sent', 'delivered', 'failed']
                                               WHEN 'unknown' THEN ARRAY['unknown']
                                               WHEN 'not-taken' THEN ARRAY['queued', 'failed']
                                               ELSE ARRAY['sending'] END)

-- name: no_message_hangs_in_sending
-- A lease that ran out makes it unknown within seconds.
SELECT 'notifications.message' AS relation, message_id::text AS id, 'an end, or unknown' AS expected,
       'sending since ' || to_char(changed_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS found
  FROM notifications.message
 WHERE state = 'sending' AND lease_until < clock_timestamp() - interval '60 seconds'

-- name: a_command_to_notifications_has_ended
-- But for a test that waits for its provider and a republish that is under way.
SELECT 'notifications.inbox' AS relation, inbox.message_id::text AS id, 'an end' AS expected,
       'none since ' || to_char(inbox.seen_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS found
  FROM notifications.inbox
 WHERE inbox.consumer = 'commands'
   AND inbox.seen_at < current_setting('ispbills.now')::timestamptz - interval '5 minutes'
   AND inbox.seen_at > current_setting('ispbills.now')::timestamptz - interval '40 days'
   AND NOT EXISTS (SELECT FROM notifications.command_end WHERE command_end.command_id = inbox.message_id)
   AND NOT EXISTS (SELECT FROM notifications.republish
                    WHERE republish.command_id = inbox.message_id AND republish.completed_at IS NULL)
   AND NOT EXISTS (SELECT FROM notifications.message
                    WHERE message.test_envelope ->> 'id' = inbox.message_id::text)
