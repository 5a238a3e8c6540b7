-- Paying online: links, payment gateways, checkouts, what their providers said, refunds through them; reminders.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- Names and mobiles for the page and for messages; empty until invoicing says its rows again.
ALTER TABLE customer_known ADD COLUMN name text;
ALTER TABLE customer_known ADD COLUMN mobile text;
ALTER TABLE operator_known ADD COLUMN name text;
-- A constant default rewrites nothing; the table has one row.
-- squawk-ignore adding-field-with-default, prefer-bigint-over-int
ALTER TABLE installation ADD COLUMN link_valid_hours integer NOT NULL DEFAULT 336;

CREATE TABLE payment_link (
    link_id     uuid NOT NULL,
    invoice_id  uuid NOT NULL,
    customer_id uuid NOT NULL,
    token_hash  text COLLATE "C" NOT NULL,
    language    text NOT NULL,
    message_id  uuid,
    state       text NOT NULL DEFAULT 'active',
    created_at  timestamptz NOT NULL,
    opened_at   timestamptz,
    expires_at  timestamptz NOT NULL,
    version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT payment_link_pk PRIMARY KEY (link_id),
    CONSTRAINT payment_link_token_is_unique UNIQUE (token_hash),
    CONSTRAINT payment_link_state_is_known CHECK (state IN ('active', 'paid', 'revoked', 'expired'))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX payment_link_one_active ON payment_link (invoice_id) WHERE state = 'active';
CREATE INDEX payment_link_by_expiry ON payment_link (expires_at);
CREATE INDEX payment_link_due_to_expire ON payment_link (expires_at) WHERE state = 'active';

-- The secrets are sealed; only the service's own key opens them.
CREATE TABLE payment_gateway (
    gateway_id    uuid NOT NULL,
    provider      text NOT NULL,
    operator_id   uuid NOT NULL,
    enabled       boolean NOT NULL,
    base_url      text,
    minimum_minor bigint,
    maximum_minor bigint,
    sealed        text,
    unverified    boolean NOT NULL,
    removed       boolean NOT NULL DEFAULT FALSE,
    version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT payment_gateway_pk PRIMARY KEY (gateway_id),
    CONSTRAINT payment_gateway_once_an_operator UNIQUE (provider, operator_id),
    CONSTRAINT payment_gateway_in_use_has_secrets CHECK (removed OR sealed IS NOT NULL)
);
CREATE INDEX payment_gateway_by_operator ON payment_gateway (operator_id);

-- A change waits until its provider was asked whether the credentials work.
CREATE TABLE gateway_change (
    command_id   uuid NOT NULL,
    gateway_id   uuid NOT NULL,
    command      jsonb NOT NULL,
    envelope     jsonb NOT NULL,
    asked_at     timestamptz NOT NULL,
    leased_until timestamptz,
    CONSTRAINT gateway_change_pk PRIMARY KEY (command_id)
);

-- An attempt to pay; what is true of it is here, and never in what a callback says.
CREATE TABLE checkout (
    checkout_id  uuid NOT NULL,
    link_id      uuid NOT NULL,
    invoice_id   uuid NOT NULL,
    customer_id  uuid NOT NULL,
    operator_id  uuid NOT NULL,
    gateway_id   uuid NOT NULL,
    provider     text NOT NULL,
    reference    text COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL,
    currency     text COLLATE "C" NOT NULL,
    language     text NOT NULL,
    state        text NOT NULL DEFAULT 'opening',
    reusable     boolean NOT NULL DEFAULT TRUE,
    provider_id  text COLLATE "C",
    redirect_url text,
    external_id  text,
    problem      text,
    payment_id   uuid,
    held_id      uuid,
    created_at   timestamptz NOT NULL,
    hint         text,
    returned_at  timestamptz,
    heard_at     timestamptz,
    execute      boolean NOT NULL DEFAULT FALSE,
    executed_at  timestamptz,
    asked_at     timestamptz,
    looks        bigint NOT NULL DEFAULT 0,
    next_look_at timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,
    leased_until timestamptz,
    version      bigint NOT NULL DEFAULT 1,
    CONSTRAINT checkout_pk PRIMARY KEY (checkout_id),
    CONSTRAINT checkout_reference_is_unique UNIQUE (reference),
    CONSTRAINT checkout_amount_is_positive CHECK (amount_minor > 0),
    CONSTRAINT checkout_state_is_known
        CHECK (state IN ('opening', 'open', 'paid', 'held', 'failed', 'expired', 'unknown')),
    CONSTRAINT checkout_paid_has_a_payment CHECK ((state = 'paid') = (payment_id IS NOT NULL)),
    CONSTRAINT checkout_held_has_money CHECK (state <> 'held' OR held_id IS NOT NULL)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX checkout_one_open ON checkout (link_id, gateway_id, amount_minor) WHERE reusable;
CREATE UNIQUE INDEX checkout_payment_is_of_one ON checkout (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX checkout_to_ask ON checkout (next_look_at) WHERE state IN ('opening', 'open');
CREATE INDEX checkout_pending ON checkout (invoice_id) WHERE state IN ('opening', 'open');
CREATE INDEX checkout_by_gateway ON checkout (gateway_id) WHERE state IN ('opening', 'open');

-- What a provider said, word for word, kept before it is answered. The same event again is known by its id.
CREATE TABLE callback (
    callback_id uuid NOT NULL,
    provider    text NOT NULL,
    event_id    text COLLATE "C" NOT NULL,
    checkout_id uuid,
    body        bytea,
    outcome     text NOT NULL,
    received_at timestamptz NOT NULL,
    CONSTRAINT callback_pk PRIMARY KEY (callback_id),
    CONSTRAINT callback_once UNIQUE (provider, event_id)
);
CREATE INDEX callback_by_age ON callback USING brin (received_at);
CREATE INDEX callback_by_checkout ON callback (checkout_id);

ALTER TABLE held_payment ADD COLUMN customer_id uuid;
ALTER TABLE held_payment ADD COLUMN checkout_id uuid;

-- One that failed took nothing: its money is credit again.
-- squawk-ignore adding-field-with-default
ALTER TABLE refund ADD COLUMN failed boolean NOT NULL DEFAULT FALSE;
ALTER TABLE refund ADD COLUMN provider text;
ALTER TABLE refund ADD COLUMN external_id text;

CREATE TABLE gateway_refund (
    refund_id    uuid NOT NULL,
    checkout_id  uuid NOT NULL,
    payment_id   uuid,
    held_id      uuid,
    customer_id  uuid NOT NULL,
    amount_minor bigint NOT NULL,
    reason       text NOT NULL,
    charge_id    text NOT NULL,
    command      jsonb NOT NULL,
    envelope     jsonb NOT NULL,
    state        text NOT NULL DEFAULT 'queued',
    provider_id  text,
    detail       text,
    created_at   timestamptz NOT NULL,
    sent_at      timestamptz,
    looks        bigint NOT NULL DEFAULT 0,
    next_look_at timestamptz NOT NULL,
    leased_until timestamptz,
    CONSTRAINT gateway_refund_pk PRIMARY KEY (refund_id),
    CONSTRAINT gateway_refund_amount_is_positive CHECK (amount_minor > 0),
    CONSTRAINT gateway_refund_is_of_one_thing CHECK ((payment_id IS NULL) <> (held_id IS NULL)),
    CONSTRAINT gateway_refund_state_is_known CHECK (state IN ('queued', 'sending', 'done', 'failed'))
);
CREATE INDEX gateway_refund_to_send ON gateway_refund (next_look_at) WHERE state IN ('queued', 'sending');
CREATE UNIQUE INDEX gateway_refund_one_of_held ON gateway_refund (held_id)
    WHERE held_id IS NOT NULL AND state <> 'failed';

CREATE TABLE reminder_rule (
    rule_id              uuid NOT NULL,
    operator_id          uuid NOT NULL,
    days                 bigint NOT NULL,
    template             text NOT NULL,
    enabled              boolean NOT NULL,
    exclude_operator_ids uuid[] NOT NULL,
    version              bigint NOT NULL DEFAULT 1,
    CONSTRAINT reminder_rule_pk PRIMARY KEY (rule_id)
);

-- A bill is reminded of once by a rule, over every retry and restart.
CREATE TABLE reminder (
    invoice_id uuid NOT NULL,
    rule_id    uuid NOT NULL,
    link_id    uuid NOT NULL,
    sent_at    timestamptz NOT NULL,
    CONSTRAINT reminder_pk PRIMARY KEY (invoice_id, rule_id)
);
CREATE INDEX reminder_by_age ON reminder USING brin (sent_at);

CREATE TABLE online_settings (
    single        boolean NOT NULL DEFAULT TRUE,
    send_receipts boolean NOT NULL,
    version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT online_settings_pk PRIMARY KEY (single),
    CONSTRAINT online_settings_is_one_row CHECK (single)
);

-- What a provider said of money is never deleted.
REVOKE DELETE ON checkout, callback, gateway_refund FROM payments;
