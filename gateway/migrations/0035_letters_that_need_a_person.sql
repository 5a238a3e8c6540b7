-- Records that services could not handle, as they say them: what waits for a person beside held money.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE parked_letter (
    id         uuid NOT NULL,
    service    text NOT NULL,
    topic      text NOT NULL,
    handler    text NOT NULL,
    reason     text NOT NULL,
    attempts   bigint NOT NULL,
    first_seen timestamptz NOT NULL,
    state      text NOT NULL,
    version    bigint NOT NULL,
    CONSTRAINT parked_letter_pk PRIMARY KEY (id)
);
CREATE INDEX parked_letter_open ON parked_letter (first_seen) WHERE state = 'open';

-- The whole installation's business: nobody below the root sees them.
ALTER TABLE parked_letter ENABLE ROW LEVEL SECURITY;
CREATE POLICY parked_letter_reach ON parked_letter FOR SELECT TO gateway USING ((SELECT reaches_all()));
CREATE POLICY parked_letter_projection ON parked_letter TO projector USING (true) WITH CHECK (true);
