-- What an import changed, so that it can be taken back, and customers by what their codes share.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE import_change (
    import_id      uuid NOT NULL,
    customer_id    uuid NOT NULL,
    chunk_id       uuid NOT NULL,
    line           bigint NOT NULL,
    -- The customer before; null for one that the import made.
    before         jsonb,
    version        bigint NOT NULL,
    undone_version bigint,
    CONSTRAINT import_change_pk PRIMARY KEY (import_id, customer_id)
);
CREATE INDEX import_change_by_chunk ON import_change (chunk_id);
CREATE INDEX import_change_undone ON import_change (customer_id) WHERE undone_version IS NOT NULL;
