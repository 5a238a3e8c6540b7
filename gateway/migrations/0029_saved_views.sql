-- A filter of Customer Bills that somebody named: their own, opened again by its name.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE saved_view (
    id           uuid NOT NULL,
    user_id      uuid NOT NULL,
    name         text NOT NULL,
    -- As GET /bills takes it, without a place in the list.
    query        text NOT NULL,
    -- Shows the month of the newest bill, whichever that is when it is opened.
    newest_month boolean NOT NULL,
    is_default   boolean NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT saved_view_pk PRIMARY KEY (id),
    CONSTRAINT saved_view_name_is_taken UNIQUE (user_id, name)
);
-- The desk opens on one of them.
CREATE UNIQUE INDEX saved_view_one_default ON saved_view (user_id) WHERE is_default;
