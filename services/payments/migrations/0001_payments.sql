-- Money: accounts, receivables, payments and their allocations; held money, partners; what others own and
-- payments must know to place money.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- The lock for everything of one customer's money; made when money first touches the customer.
CREATE TABLE account (
    customer_id  uuid NOT NULL,
    credit_minor bigint NOT NULL DEFAULT 0,
    version      bigint NOT NULL DEFAULT 0,
    CONSTRAINT account_pk PRIMARY KEY (customer_id),
    CONSTRAINT account_credit_is_never_negative CHECK (credit_minor >= 0)
);

-- Version 0: no money has ever touched it, and nothing was said of it.
CREATE TABLE receivable (
    invoice_id      uuid NOT NULL,
    customer_id     uuid NOT NULL,
    operator_id     uuid NOT NULL,
    number          text COLLATE "C" NOT NULL,
    currency        text COLLATE "C" NOT NULL,
    total_minor     bigint NOT NULL,
    paid_minor      bigint NOT NULL DEFAULT 0,
    issued_on       date NOT NULL,
    due_on          date NOT NULL,
    voided          boolean NOT NULL DEFAULT FALSE,
    invoice_version bigint NOT NULL,
    version         bigint NOT NULL DEFAULT 0,
    CONSTRAINT receivable_pk PRIMARY KEY (invoice_id),
    CONSTRAINT receivable_number_is_unique UNIQUE (number),
    CONSTRAINT receivable_paid_is_at_most_the_total CHECK (paid_minor BETWEEN 0 AND total_minor),
    CONSTRAINT receivable_void_holds_no_money CHECK (NOT voided OR paid_minor = 0)
) WITH (fillfactor = 80);
CREATE INDEX receivable_by_customer ON receivable (customer_id);

CREATE TABLE payment (
    payment_id      uuid NOT NULL,
    customer_id     uuid NOT NULL,
    invoice_id      uuid,
    amount_minor    bigint NOT NULL,
    allocated_minor bigint NOT NULL,
    credit_minor    bigint NOT NULL,
    refunded_minor  bigint NOT NULL DEFAULT 0,
    currency        text COLLATE "C" NOT NULL,
    method          text NOT NULL,
    paid_on         date NOT NULL,
    recorded_at     timestamptz NOT NULL,
    recorded_by     text NOT NULL,
    source          text COLLATE "C" NOT NULL,
    external_id     text COLLATE "C",
    reference       text,
    note            text,
    reversed        boolean NOT NULL DEFAULT FALSE,
    reversal_reason text,
    reversed_at     timestamptz,
    reversed_by     text,
    version         bigint NOT NULL,
    CONSTRAINT payment_pk PRIMARY KEY (payment_id),
    CONSTRAINT payment_external_id_is_taken UNIQUE (source, external_id),
    CONSTRAINT payment_amount_is_positive CHECK (amount_minor > 0),
    CONSTRAINT payment_parts_are_not_negative
        CHECK (allocated_minor >= 0 AND credit_minor >= 0 AND refunded_minor >= 0),
    -- What a reversed payment had refunded and could not take back stays with it.
    CONSTRAINT payment_parts_add_up CHECK (
        CASE WHEN reversed THEN allocated_minor = 0 AND credit_minor = 0
             ELSE allocated_minor + credit_minor + refunded_minor = amount_minor END)
) WITH (fillfactor = 80);
CREATE INDEX payment_by_customer ON payment (customer_id);

CREATE TABLE allocation (
    payment_id   uuid NOT NULL,
    invoice_id   uuid NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT allocation_pk PRIMARY KEY (payment_id, invoice_id),
    CONSTRAINT allocation_is_not_negative CHECK (amount_minor >= 0)
);
CREATE INDEX allocation_by_invoice ON allocation (invoice_id);

CREATE TABLE refund (
    refund_id    uuid NOT NULL,
    customer_id  uuid NOT NULL,
    amount_minor bigint NOT NULL,
    reason       text NOT NULL,
    refunded_by  text NOT NULL,
    refunded_at  timestamptz NOT NULL,
    CONSTRAINT refund_pk PRIMARY KEY (refund_id),
    CONSTRAINT refund_amount_is_positive CHECK (amount_minor > 0)
);
CREATE INDEX refund_by_customer ON refund (customer_id);

CREATE TABLE partner (
    partner_id  uuid NOT NULL,
    name        text COLLATE "C" NOT NULL,
    operator_id uuid NOT NULL,
    active      boolean NOT NULL DEFAULT TRUE,
    version     bigint NOT NULL DEFAULT 1,
    CONSTRAINT partner_pk PRIMARY KEY (partner_id),
    CONSTRAINT partner_name_taken UNIQUE (name)
);

-- An ask to let a partner in ends once its topics exist.
CREATE TABLE partner_request (
    command_id uuid NOT NULL,
    partner_id uuid NOT NULL,
    envelope   jsonb NOT NULL,
    CONSTRAINT partner_request_pk PRIMARY KEY (command_id)
);

-- What a partner said under an id the first time, for ever: the same again is a duplicate, other facts a conflict.
CREATE TABLE partner_event (
    partner_name text COLLATE "C" NOT NULL,
    payment_id   text COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL,
    currency     text COLLATE "C" NOT NULL,
    target       text COLLATE "C" NOT NULL,
    CONSTRAINT partner_event_pk PRIMARY KEY (partner_name, payment_id)
);

CREATE TABLE held_payment (
    held_id          uuid NOT NULL,
    source           text COLLATE "C" NOT NULL,
    partner_name     text COLLATE "C",
    payment_id       text COLLATE "C" NOT NULL,
    event_id         text,
    operator_id      uuid,
    amount_minor     bigint NOT NULL,
    currency         text COLLATE "C" NOT NULL,
    invoice_id       uuid,
    invoice_number   text COLLATE "C",
    customer_code    text COLLATE "C",
    method           text NOT NULL,
    paid_on          date NOT NULL,
    payer_reference  text,
    reason           text NOT NULL,
    received_at      timestamptz NOT NULL,
    state            text NOT NULL DEFAULT 'held',
    our_payment_id   uuid,
    rejection_reason text,
    version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT held_payment_pk PRIMARY KEY (held_id),
    CONSTRAINT held_payment_once UNIQUE (source, payment_id),
    CONSTRAINT held_payment_amount_is_positive CHECK (amount_minor > 0),
    CONSTRAINT held_payment_state_is_known CHECK (state IN ('held', 'placed', 'rejected')),
    CONSTRAINT held_payment_placed_has_a_payment CHECK ((state = 'placed') = (our_payment_id IS NOT NULL)),
    CONSTRAINT held_payment_rejected_has_a_reason CHECK ((state = 'rejected') = (rejection_reason IS NOT NULL))
);
CREATE INDEX held_payment_waits_for_invoice ON held_payment (invoice_id) WHERE state = 'held';
CREATE INDEX held_payment_waits_for_number ON held_payment (invoice_number) WHERE state = 'held';
CREATE INDEX held_payment_waits_for_code ON held_payment (customer_code) WHERE state = 'held';

-- A payment that came before the invoice or customer it is for.
CREATE TABLE waiting_command (
    command_id  uuid NOT NULL,
    invoice_id  uuid,
    customer_id uuid NOT NULL,
    command     jsonb NOT NULL,
    envelope    jsonb NOT NULL,
    since       timestamptz NOT NULL,
    CONSTRAINT waiting_command_pk PRIMARY KEY (command_id)
);

CREATE TABLE customer_known (
    customer_id uuid NOT NULL,
    operator_id uuid NOT NULL,
    code        text COLLATE "C" NOT NULL,
    version     bigint NOT NULL,
    CONSTRAINT customer_known_pk PRIMARY KEY (customer_id)
);
CREATE INDEX customer_known_by_code ON customer_known (code);

CREATE TABLE operator_known (
    operator_id uuid NOT NULL,
    code        text COLLATE "C" NOT NULL,
    parent_id   uuid,
    path        uuid[] NOT NULL,
    version     bigint NOT NULL,
    CONSTRAINT operator_known_pk PRIMARY KEY (operator_id)
);
CREATE INDEX operator_known_by_code ON operator_known (code);

CREATE TABLE installation (
    single    boolean NOT NULL DEFAULT TRUE,
    currency  text COLLATE "C" NOT NULL,
    time_zone text NOT NULL,
    version   bigint NOT NULL,
    CONSTRAINT installation_pk PRIMARY KEY (single),
    CONSTRAINT installation_is_one_row CHECK (single)
);

CREATE TABLE republish_job (
    command_id     uuid NOT NULL,
    envelope       jsonb NOT NULL,
    subjects       text[] NOT NULL,
    said           integer NOT NULL DEFAULT 0,
    after_id       uuid,
    last_outbox_id bigint NOT NULL DEFAULT 0,
    asked_at       timestamptz NOT NULL,
    completed_at   timestamptz,
    CONSTRAINT republish_job_pk PRIMARY KEY (command_id)
);

-- What was paid is never deleted.
REVOKE DELETE ON account, receivable, payment, refund, partner_event, held_payment FROM payments;
