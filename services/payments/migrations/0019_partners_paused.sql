-- A partner can be paused: its money is held meanwhile. What was done for it on the broker, where no service may
-- make users: when its password was made, and how much it may write and read.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE partner
    ADD COLUMN paused boolean NOT NULL DEFAULT FALSE,
    ADD COLUMN resumed_at timestamptz,
    ADD COLUMN key_changed_at timestamptz,
    ADD COLUMN bytes_per_second bigint;
