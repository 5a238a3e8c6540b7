-- The plumbing of a service's own role (`:role`): what is said leaves, what is heard is noted, and what was
-- closed long ago is forgotten.
GRANT SELECT, INSERT, DELETE ON outbox TO :role;
GRANT SELECT, INSERT, DELETE ON inbox TO :role;
-- Written by the outbox's trigger, in the name of whoever says something.
GRANT SELECT, INSERT, UPDATE (lane, topic, key, message_id, type, payload, traceparent, said_at), DELETE
    ON command_end TO :role;
GRANT SELECT, INSERT, UPDATE (reason, attempts, closed_at, outcome, said, key, value, headers), DELETE ON dead_letter
    TO :role;
GRANT SELECT, INSERT, UPDATE (look_at) ON erased_customer TO :role;
GRANT SELECT, INSERT, UPDATE ("offset", next_offset, reason, attempts, first_seen, skip_to, closed_at), DELETE
    ON partition_set_aside TO :role;
GRANT SELECT, INSERT, UPDATE (holder, expires_at), DELETE ON relay_lease TO :role;
