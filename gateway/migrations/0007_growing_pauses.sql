-- A command is sent again after growing pauses, and only when its last copy has left the outbox.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE operation ADD COLUMN sends integer NOT NULL DEFAULT 1;
ALTER TABLE customer_import_chunk ADD COLUMN sends integer NOT NULL DEFAULT 1;
ALTER TABLE bulk_action_item ADD COLUMN sends integer NOT NULL DEFAULT 1;

-- A minute after the first time, then four times as long each time, at most six hours.
CREATE FUNCTION pause_after(sends integer) RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN least(interval '1 minute' * power(4, least(sends, 10) - 1), interval '6 hours');
