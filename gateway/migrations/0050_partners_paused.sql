-- A partner can be paused; when its password was made and what it may write, as the command line did it on the broker.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE partner
    ADD COLUMN paused boolean NOT NULL DEFAULT FALSE,
    ADD COLUMN key_changed_at timestamptz,
    ADD COLUMN bytes_per_second bigint;
