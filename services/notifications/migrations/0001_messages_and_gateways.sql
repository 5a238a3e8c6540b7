-- SMS gateways and templates of operators, messages and each attempt to send one.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE operator (
    operator_id uuid NOT NULL,
    name        text NOT NULL,
    path        uuid[] NOT NULL,
    version     bigint NOT NULL,
    CONSTRAINT operator_pk PRIMARY KEY (operator_id)
);

CREATE TABLE billing_settings (
    single    boolean NOT NULL DEFAULT TRUE,
    time_zone text NOT NULL,
    currency  text NOT NULL,
    version   bigint NOT NULL,
    CONSTRAINT billing_settings_pk PRIMARY KEY (single),
    CONSTRAINT billing_settings_is_one_row CHECK (single)
);

-- One that was removed keeps its row: messages were sent by it.
CREATE TABLE sms_gateway (
    gateway_id             uuid NOT NULL,
    operator_id            uuid NOT NULL,
    provider               text NOT NULL,
    priority               bigint NOT NULL,
    enabled                boolean NOT NULL,
    base_url               text,
    settings               jsonb NOT NULL,
    sealed                 text,
    secret_sealed_at       timestamptz,
    sending_from           time,
    sending_until          time,
    per_minute             bigint,
    cost_per_segment_minor bigint,
    removed                boolean NOT NULL,
    changed_by             text NOT NULL,
    changed_at             timestamptz NOT NULL,
    version                bigint NOT NULL,
    CONSTRAINT sms_gateway_pk PRIMARY KEY (gateway_id),
    CONSTRAINT sms_gateway_provider_is_known
        CHECK (provider IN ('http', 'bulksmsbd', 'sslwireless', 'twilio', 'sandbox')),
    CONSTRAINT sms_gateway_hours_are_both_or_none CHECK ((sending_from IS NULL) = (sending_until IS NULL)),
    CONSTRAINT sms_gateway_secret_has_a_time CHECK ((sealed IS NULL) = (secret_sealed_at IS NULL))
);
CREATE INDEX sms_gateway_by_operator ON sms_gateway (operator_id) WHERE enabled AND NOT removed;

-- How many messages a gateway was given in the minute that it was last given one.
CREATE TABLE gateway_pace (
    gateway_id uuid NOT NULL,
    minute     timestamptz NOT NULL,
    used       bigint NOT NULL,
    CONSTRAINT gateway_pace_pk PRIMARY KEY (gateway_id)
);

CREATE TABLE sms_template (
    operator_id uuid NOT NULL,
    template    text NOT NULL,
    language    text NOT NULL,
    text        text,
    changed_by  text NOT NULL,
    changed_at  timestamptz NOT NULL,
    version     bigint NOT NULL,
    CONSTRAINT sms_template_pk PRIMARY KEY (operator_id, template, language)
);

-- The text is sealed for ourselves: it holds the address that pays a customer's bill.
CREATE TABLE message (
    message_id      uuid NOT NULL,
    customer_id     uuid,
    operator_id     uuid NOT NULL,
    invoice_id      uuid,
    bulk_action_id  uuid,
    template        text NOT NULL,
    language        text NOT NULL,
    mobile          text,
    sealed_text     text,
    segments        bigint NOT NULL,
    is_unicode      boolean NOT NULL,
    state           text NOT NULL,
    gateway_id      uuid,
    provider        text,
    is_test         boolean NOT NULL,
    tried           uuid[] NOT NULL DEFAULT '{}',
    may_pass        boolean NOT NULL DEFAULT FALSE,
    tries           bigint NOT NULL DEFAULT 0,
    asks            bigint NOT NULL DEFAULT 0,
    code            text,
    detail          text,
    reference       text,
    cost_minor      bigint,
    lane            smallint NOT NULL,
    not_before      timestamptz NOT NULL,
    not_after       timestamptz NOT NULL,
    holder          uuid,
    lease_until     timestamptz,
    ask_at          timestamptz,
    test_envelope   jsonb,
    created_at      timestamptz NOT NULL,
    changed_at      timestamptz NOT NULL,
    version         bigint NOT NULL,
    CONSTRAINT message_pk PRIMARY KEY (message_id),
    CONSTRAINT message_state_is_known
        CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'unknown')),
    CONSTRAINT message_that_waits_has_somewhere_to_go
        CHECK (state NOT IN ('queued', 'sending') OR (mobile IS NOT NULL AND sealed_text IS NOT NULL)),
    CONSTRAINT message_in_sending_has_a_lease
        CHECK (state <> 'sending' OR (holder IS NOT NULL AND lease_until IS NOT NULL AND gateway_id IS NOT NULL)),
    CONSTRAINT message_is_asked_about_while_unknown CHECK (ask_at IS NULL OR state = 'unknown')
);
CREATE INDEX message_queued ON message (gateway_id, lane, not_before, message_id) WHERE state = 'queued';
CREATE INDEX message_expiring ON message (not_after) WHERE state = 'queued';
CREATE INDEX message_sending ON message (lease_until) WHERE state = 'sending';
CREATE INDEX message_asked_about ON message (ask_at) WHERE ask_at IS NOT NULL;
CREATE INDEX message_kept ON message (changed_at) WHERE sealed_text IS NOT NULL;

-- Append only, but for its end. At most one attempt of a message may have sent it.
CREATE TABLE attempt (
    message_id uuid NOT NULL,
    number     bigint NOT NULL,
    gateway_id uuid NOT NULL,
    provider   text NOT NULL,
    began_at   timestamptz NOT NULL,
    ended_at   timestamptz,
    outcome    text,
    code       text,
    detail     text,
    reference  text,
    CONSTRAINT attempt_pk PRIMARY KEY (message_id, number),
    CONSTRAINT attempt_outcome_is_known CHECK (outcome IN ('taken', 'not-taken', 'unknown'))
);
CREATE UNIQUE INDEX attempt_that_may_have_sent_is_one ON attempt (message_id)
    WHERE outcome IS NULL OR outcome <> 'not-taken';

-- The inbox of the sandbox, which stands for everybody's telephone in development.
CREATE TABLE sandbox_message (
    message_id uuid NOT NULL,
    gateway_id uuid NOT NULL,
    mobile     text NOT NULL,
    text       text NOT NULL,
    segments   bigint NOT NULL,
    sent_at    timestamptz NOT NULL,
    CONSTRAINT sandbox_message_pk PRIMARY KEY (message_id)
);
CREATE INDEX sandbox_message_by_age ON sandbox_message (sent_at DESC);

CREATE TABLE republish (
    command_id     uuid NOT NULL,
    envelope       jsonb NOT NULL,
    said           text NOT NULL,
    after_id       uuid,
    last_outbox_id bigint NOT NULL,
    completed_at   timestamptz,
    CONSTRAINT republish_pk PRIMARY KEY (command_id),
    CONSTRAINT republish_said_is_known CHECK (said IN ('gateways', 'templates', 'messages', 'done'))
);
CREATE INDEX message_by_age ON message USING brin (changed_at);
CREATE INDEX attempt_by_age ON attempt USING brin (began_at);
