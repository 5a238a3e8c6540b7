-- How each command ended, word for word: one that comes again is answered again. Kept by the outbox itself,
-- so that no handler can end a command and forget to say how to whoever asks once more.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE command_end (
    command_id  uuid NOT NULL,
    lane        smallint NOT NULL,
    topic       text NOT NULL,
    key         text NOT NULL,
    message_id  uuid NOT NULL,
    type        text NOT NULL,
    payload     text NOT NULL,
    traceparent text,
    said_at     timestamptz NOT NULL,
    CONSTRAINT command_end_pk PRIMARY KEY (command_id)
);
CREATE INDEX command_end_by_age ON command_end USING brin (said_at);

-- A dead letter that was redriven ends its command anew; the same end said once more changes nothing.
CREATE FUNCTION keep_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO command_end (command_id, lane, topic, key, message_id, type, payload, traceparent, said_at)
    SELECT DISTINCT ON (causation_id)
           causation_id, lane, topic, key, message_id, type, payload, traceparent, occurred_at
      FROM said
     WHERE causation_id IS NOT NULL
     ORDER BY causation_id, id DESC
        ON CONFLICT (command_id) DO UPDATE
       SET lane = excluded.lane, topic = excluded.topic, key = excluded.key,
           message_id = excluded.message_id, type = excluded.type, payload = excluded.payload,
           traceparent = excluded.traceparent, said_at = excluded.said_at
     WHERE command_end.message_id <> excluded.message_id;
    RETURN NULL;
END $$;

CREATE TRIGGER outbox_keeps_ends AFTER INSERT ON outbox REFERENCING NEW TABLE AS said
    FOR EACH STATEMENT EXECUTE FUNCTION keep_ends();
