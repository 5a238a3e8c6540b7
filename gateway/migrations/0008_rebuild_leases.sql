-- A rebuild of the view belongs to a lease: who rebuilds, and until when if nobody renews it. One that was
-- begun before this release has none, and has ended.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE view_rebuild
    ADD COLUMN holder uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    ADD COLUMN expires_at timestamptz NOT NULL DEFAULT '-infinity';
