-- The files that a bulk action made, in the order of its items: streamed as one ZIP, also while they are made.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE bulk_action_file (
    action_id  uuid NOT NULL,
    position   integer NOT NULL,
    blob_key   text NOT NULL,
    size_bytes bigint NOT NULL,
    file_name  text NOT NULL,
    as_of      timestamptz NOT NULL,
    CONSTRAINT bulk_action_file_pk PRIMARY KEY (action_id, position)
);

-- Counts up when a file is made again: a download that was cut off goes on in the edition that it began.
ALTER TABLE bulk_action ADD COLUMN edition bigint NOT NULL DEFAULT 1;
