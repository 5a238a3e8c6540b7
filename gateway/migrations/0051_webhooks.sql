-- Webhooks: to which addresses of an operator's own systems events are told, each message with its attempts.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE webhook_endpoint (
    id              uuid NOT NULL,
    operator_id     uuid NOT NULL,
    url             text NOT NULL,
    description     text NOT NULL,
    types           text[] NOT NULL,
    enabled         boolean NOT NULL DEFAULT TRUE,
    disabled_reason text,
    failing_since   timestamptz,
    sealed          text NOT NULL,
    previous_sealed text,
    previous_until  timestamptz,
    created_at      timestamptz NOT NULL,
    CONSTRAINT webhook_endpoint_pk PRIMARY KEY (id)
);

CREATE TABLE webhook_message (
    id          uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    event_id    uuid NOT NULL,
    type        text NOT NULL,
    subject_id  uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    body        text,
    state       text NOT NULL DEFAULT 'queued',
    tries       integer NOT NULL DEFAULT 0,
    not_before  timestamptz NOT NULL,
    holder      uuid,
    lease_until timestamptz,
    status      integer,
    detail      text,
    ended_at    timestamptz,
    CONSTRAINT webhook_message_pk PRIMARY KEY (id),
    CONSTRAINT webhook_message_is_told_once UNIQUE (endpoint_id, event_id),
    CONSTRAINT webhook_message_endpoint FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoint (id) ON DELETE CASCADE,
    CONSTRAINT webhook_message_state_is_known CHECK (state IN ('queued', 'delivered', 'failed'))
);
CREATE INDEX webhook_message_due ON webhook_message (endpoint_id, not_before) WHERE state = 'queued';
CREATE INDEX webhook_message_of_endpoint ON webhook_message (endpoint_id, id);

-- An attempt is a row before the call.
CREATE TABLE webhook_attempt (
    message_id uuid NOT NULL,
    number     integer NOT NULL,
    began_at   timestamptz NOT NULL,
    ended_at   timestamptz,
    status     integer,
    detail     text,
    CONSTRAINT webhook_attempt_pk PRIMARY KEY (message_id, number),
    CONSTRAINT webhook_attempt_message FOREIGN KEY (message_id) REFERENCES webhook_message (id) ON DELETE CASCADE
);

-- A function, whose text is read when it is called: a rebuild puts another table in the place of operator, and what
-- depends on the old one goes with it.
CREATE FUNCTION operators_reached() RETURNS SETOF uuid LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path FROM CURRENT
    AS $$ SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())] $$;
REVOKE ALL ON FUNCTION operators_reached() FROM public;
GRANT EXECUTE ON FUNCTION operators_reached() TO gateway;

ALTER TABLE webhook_endpoint ENABLE ROW LEVEL SECURITY;
CREATE POLICY webhook_endpoint_reach ON webhook_endpoint TO gateway
    USING ((SELECT reaches_all()) OR operator_id IN (SELECT operators_reached()))
    WITH CHECK ((SELECT reaches_all()) OR operator_id IN (SELECT operators_reached()));
CREATE POLICY webhook_endpoint_projection ON webhook_endpoint TO projector USING (true) WITH CHECK (true);
