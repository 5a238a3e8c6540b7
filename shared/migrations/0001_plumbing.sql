-- What every service's schema has: outbox, inbox, dead letters and the relay's lease.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    lane         smallint NOT NULL DEFAULT 0,
    topic        text NOT NULL,
    key          text NOT NULL,
    message_id   uuid NOT NULL DEFAULT uuidv7(),
    type         text NOT NULL,
    payload      text NOT NULL,
    causation_id uuid,
    traceparent  text,
    occurred_at  timestamptz NOT NULL,
    CONSTRAINT outbox_pk PRIMARY KEY (lane, id),
    CONSTRAINT outbox_lane_is_known CHECK (lane IN (0, 1))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- One wake-up a statement, however many rows it says.
CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_TABLE_SCHEMA || '_outbox', '');
    RETURN NULL;
END $$;

CREATE TRIGGER outbox_wakes_relay AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION wake_relay();

CREATE TABLE inbox (
    consumer   text NOT NULL,
    message_id uuid NOT NULL,
    seen_at    timestamptz NOT NULL,
    CONSTRAINT inbox_pk PRIMARY KEY (consumer, message_id)
);
CREATE INDEX inbox_by_age ON inbox USING brin (seen_at);

CREATE TABLE dead_letter (
    id         uuid NOT NULL,
    topic      text NOT NULL,
    partition  integer NOT NULL,
    "offset"   bigint NOT NULL,
    handler    text NOT NULL,
    reason     text NOT NULL,
    attempts   bigint NOT NULL,
    key        bytea,
    value      bytea,
    headers    jsonb NOT NULL,
    first_seen timestamptz NOT NULL,
    closed_at  timestamptz,
    outcome    text,
    CONSTRAINT dead_letter_pk PRIMARY KEY (id),
    CONSTRAINT dead_letter_once_a_place UNIQUE (topic, partition, "offset", handler),
    CONSTRAINT dead_letter_outcome_is_known CHECK (outcome IN ('redriven', 'discarded'))
);

CREATE TABLE relay_lease (
    name       text NOT NULL,
    holder     uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT relay_lease_pk PRIMARY KEY (name)
);
