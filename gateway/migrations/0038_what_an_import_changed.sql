-- Whom an import changed, so that taking it back can say beforehand how many stay, and afterwards what came back.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE customer_import_chunk
    ADD COLUMN changed_ids uuid[],
    ADD COLUMN changed_versions bigint[],
    -- Of the customers that an undo put back: those that keep a field that was changed since.
    ADD COLUMN partly bigint,
    ADD COLUMN restored jsonb;
