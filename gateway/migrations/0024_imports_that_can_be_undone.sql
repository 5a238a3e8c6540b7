-- Files are kept while their import can be corrected, taken back and looked at; columns are remembered.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '300s';

CREATE TABLE customer_file (
    id          uuid NOT NULL,
    operator_id uuid NOT NULL,
    caller      text NOT NULL,
    name        text NOT NULL,
    -- As it came, compressed.
    content     bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    CONSTRAINT customer_file_pk PRIMARY KEY (id)
);

-- Which of a file's columns and values were ours, by its header.
CREATE TABLE import_mapping (
    operator_id uuid NOT NULL,
    header_key  text NOT NULL,
    options     jsonb NOT NULL,
    used_at     timestamptz NOT NULL,
    CONSTRAINT import_mapping_pk PRIMARY KEY (operator_id, header_key)
);

ALTER TABLE customer_import
    ADD COLUMN file_id uuid,
    ADD COLUMN file_name text NOT NULL DEFAULT '',
    ADD COLUMN options jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN read bigint NOT NULL DEFAULT 0,
    -- The import that this one takes back.
    ADD COLUMN undoes uuid,
    ADD COLUMN cancelled_at timestamptz;

ALTER TABLE customer_import_chunk
    ADD COLUMN closed bigint,
    -- Not sent yet: a few chunks of an import travel at a time, so that it can be cancelled.
    ADD COLUMN waits boolean NOT NULL DEFAULT false;

-- What codes share whatever their case and the zeros in front. A column, for a function of the code could not
-- be looked up behind row-level security.
-- squawk-ignore adding-field-with-default
ALTER TABLE customer ADD COLUMN code_key text NOT NULL GENERATED ALWAYS AS (ltrim(lower(code), '0')) STORED;
