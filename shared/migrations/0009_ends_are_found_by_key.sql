-- Whether an end is known already was planned while hardly any were kept, by reading all of them; and so it went on
-- in each session until statistics were gathered anew, a thousand ends at a time against thousands.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE OR REPLACE FUNCTION keep_ends() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO command_end (command_id, lane, topic, key, message_id, type, payload, traceparent, said_at)
    SELECT causation_id, lane, topic, key, message_id, type, payload, traceparent, occurred_at
      FROM (SELECT DISTINCT ON (causation_id)
                   causation_id, lane, topic, key, message_id, type, payload, traceparent, occurred_at
              FROM said
             WHERE causation_id IS NOT NULL
             ORDER BY causation_id, id DESC) AS ends
     -- A subquery for each end, as it can only be looked up: a join has other ways.
     WHERE message_id IS DISTINCT FROM
           (SELECT known.message_id FROM command_end AS known WHERE known.command_id = ends.causation_id)
     ORDER BY causation_id
        ON CONFLICT (command_id) DO UPDATE
       SET lane = excluded.lane, topic = excluded.topic, key = excluded.key,
           message_id = excluded.message_id, type = excluded.type, payload = excluded.payload,
           traceparent = excluded.traceparent, said_at = excluded.said_at
     WHERE command_end.message_id <> excluded.message_id;
    RETURN NULL;
END $$;
