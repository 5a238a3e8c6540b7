-- The record's own time belongs to a dead letter's identity: a topic that is made anew counts its offsets
-- from zero again, and new poison at an old place is another record. Letters from before have none (-1).
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- A constant default rewrites nothing; letters that wait for a person are few.
-- squawk-ignore adding-field-with-default
ALTER TABLE dead_letter ADD COLUMN recorded_at_ms bigint NOT NULL DEFAULT -1;
-- squawk-ignore ban-drop-constraint
ALTER TABLE dead_letter DROP CONSTRAINT dead_letter_once_a_place;
-- squawk-ignore disallowed-unique-constraint, constraint-missing-not-valid
ALTER TABLE dead_letter ADD CONSTRAINT dead_letter_once_a_record
    UNIQUE (topic, partition, "offset", recorded_at_ms, handler);

-- A partition that cannot be read on from an offset: everything else goes on, and a person may step over it.
CREATE TABLE partition_set_aside (
    id          uuid NOT NULL,
    topic       text NOT NULL,
    partition   integer NOT NULL,
    handler     text NOT NULL,
    "offset"    bigint NOT NULL,
    next_offset bigint,
    reason      text NOT NULL,
    attempts    bigint NOT NULL,
    first_seen  timestamptz NOT NULL,
    skip_to     bigint,
    closed_at   timestamptz,
    CONSTRAINT partition_set_aside_pk PRIMARY KEY (id),
    CONSTRAINT partition_set_aside_steps_forward CHECK (skip_to > "offset")
);
CREATE UNIQUE INDEX partition_set_aside_once ON partition_set_aside (topic, partition, handler)
    WHERE closed_at IS NULL;
