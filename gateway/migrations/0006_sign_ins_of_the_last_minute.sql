-- Counted by calendar minute, twenty tries got through around its turn: each try is a row now.
-- sign_in_attempt goes with the next release, when no process of the last one counts in it any more.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE sign_in_try (
    id      uuid NOT NULL,
    subject text NOT NULL,
    at      timestamptz NOT NULL,
    CONSTRAINT sign_in_try_pk PRIMARY KEY (id)
);
CREATE INDEX sign_in_try_by_subject ON sign_in_try (subject, at);
CREATE INDEX sign_in_try_by_time ON sign_in_try (at);
