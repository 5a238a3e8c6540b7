-- A command that comes again is answered again. That locked how it had ended, for the sake of a change that was none:
-- two replicas that answered the same commands in two batches waited for each other in a circle.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE OR REPLACE FUNCTION keep_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO command_end (command_id, lane, topic, key, message_id, type, payload, traceparent, said_at)
    SELECT causation_id, lane, topic, key, message_id, type, payload, traceparent, occurred_at
      FROM (SELECT DISTINCT ON (causation_id)
                   causation_id, lane, topic, key, message_id, type, payload, traceparent, occurred_at
              FROM said
             WHERE causation_id IS NOT NULL
             ORDER BY causation_id, id DESC) AS ends
     WHERE NOT EXISTS (SELECT FROM command_end
                        WHERE command_end.command_id = ends.causation_id
                          AND command_end.message_id = ends.message_id)
     ORDER BY causation_id
        ON CONFLICT (command_id) DO UPDATE
       SET lane = excluded.lane, topic = excluded.topic, key = excluded.key,
           message_id = excluded.message_id, type = excluded.type, payload = excluded.payload,
           traceparent = excluded.traceparent, said_at = excluded.said_at
     WHERE command_end.message_id <> excluded.message_id;
    RETURN NULL;
END $$;
