-- What was asked of documents, and the file that came of it. The files themselves are in the blob store.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- Its id is its operation's. Found through the bill, payment or customer that it is about, which the reader reaches.
-- `shows` tells one file from another: a bill that was paid since is another file.
CREATE TABLE document (
    id         uuid NOT NULL,
    kind       text NOT NULL,
    subject_id uuid NOT NULL,
    shows      text NOT NULL,
    caller     text NOT NULL,
    asked_at   timestamptz NOT NULL,
    blob_key   text,
    media_type text,
    size_bytes bigint,
    file_name  text,
    CONSTRAINT document_pk PRIMARY KEY (id),
    CONSTRAINT document_kind_is_known CHECK (kind IN ('invoice', 'receipt', 'statement', 'preview', 'print-file'))
);
CREATE INDEX document_by_subject ON document (subject_id, kind, asked_at);
CREATE INDEX document_by_age ON document USING brin (asked_at);
