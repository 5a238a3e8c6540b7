-- What could not be handled is shown where people look: each letter is said when it is parked, parked again and
-- closed, by whoever closes it. `said` is the state that was said last.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- A constant default rewrites nothing; letters that wait for a person are few.
-- squawk-ignore adding-field-with-default
ALTER TABLE dead_letter ADD COLUMN said bigint NOT NULL DEFAULT 0;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX dead_letter_to_say ON dead_letter (first_seen)
    WHERE said <> attempts * 2 + (closed_at IS NOT NULL)::integer;
