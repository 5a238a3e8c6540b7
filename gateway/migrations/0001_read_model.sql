-- The read model: projections of what invoicing and payments say. `view rebuild` can make all of it again.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE operator (
    id        uuid NOT NULL,
    code      text NOT NULL,
    name      text NOT NULL,
    parent_id uuid,
    path      uuid[] NOT NULL,
    version   bigint NOT NULL,
    CONSTRAINT operator_pk PRIMARY KEY (id)
);
CREATE INDEX operator_by_path ON operator USING gin (path);
CREATE INDEX operator_by_code ON operator (code);

CREATE TABLE package (
    id               uuid NOT NULL,
    operator_id      uuid,
    name             text NOT NULL,
    price_minor      bigint NOT NULL,
    currency         text NOT NULL,
    vat_basis_points integer NOT NULL,
    version          bigint NOT NULL,
    CONSTRAINT package_pk PRIMARY KEY (id)
);

-- The line feeds in `search` keep a match from running over the edge of a field.
CREATE TABLE customer (
    id            uuid NOT NULL,
    operator_id   uuid NOT NULL,
    code          text NOT NULL,
    name          text NOT NULL,
    mobile        text,
    address       text NOT NULL,
    package_id    uuid NOT NULL,
    status        text NOT NULL,
    billing_cycle text NOT NULL,
    since         date NOT NULL,
    version       bigint NOT NULL,
    search        text NOT NULL GENERATED ALWAYS AS
                  (lower(name) || E'\n' || lower(code) || E'\n' || coalesce(mobile, '')) STORED,
    CONSTRAINT customer_pk PRIMARY KEY (id)
);
CREATE INDEX customer_by_code ON customer (operator_id, code);
CREATE INDEX customer_by_search ON customer USING gin (search gin_trgm_ops) WITH (gin_pending_list_limit = 512);

CREATE TABLE customer_account (
    customer_id  uuid NOT NULL,
    credit_minor bigint NOT NULL,
    version      bigint NOT NULL,
    CONSTRAINT customer_account_pk PRIMARY KEY (customer_id)
);

-- A row with invoice_version 0 is a stub: payments spoke of the invoice before invoicing did. It has no
-- issue date, shows nowhere and counts nowhere until the invoice comes.
CREATE TABLE bill (
    id                 uuid NOT NULL,
    customer_id        uuid NOT NULL,
    operator_id        uuid,
    package_id         uuid,
    issued_on          date,
    due_on             date,
    period             text,
    number             text,
    status             text NOT NULL DEFAULT 'unpaid',
    currency           text,
    total_minor        bigint NOT NULL DEFAULT 0,
    paid_minor         bigint NOT NULL DEFAULT 0,
    balance_minor      bigint NOT NULL DEFAULT 0,
    net_minor          bigint NOT NULL DEFAULT 0,
    vat_minor          bigint NOT NULL DEFAULT 0,
    vat_basis_points   integer NOT NULL DEFAULT 0,
    invoice_version    bigint NOT NULL DEFAULT 0,
    receivable_version bigint NOT NULL DEFAULT 0,
    receivable_status  text NOT NULL DEFAULT 'unpaid',
    voided             boolean NOT NULL DEFAULT false,
    run_id             uuid,
    reissue_of         uuid,
    reissued_as        uuid,
    issued_at          timestamptz,
    voided_at          timestamptz,
    operator_name      text,
    package_name       text,
    customer_code      text,
    customer_name      text,
    customer_mobile    text,
    void_reason        text,
    voided_by          text,
    lines              jsonb,
    CONSTRAINT bill_pk PRIMARY KEY (id),
    CONSTRAINT bill_status_is_known CHECK (status IN ('unpaid', 'partial', 'paid', 'void'))
) WITH (fillfactor = 90);
CREATE INDEX bill_by_date ON bill (issued_on, id);
CREATE INDEX bill_by_operator ON bill (operator_id, issued_on, id);
CREATE INDEX bill_by_group ON bill (operator_id, status, package_id, issued_on, id) INCLUDE (due_on, period);
CREATE INDEX bill_by_due_date ON bill (due_on, id);
CREATE INDEX bill_by_balance ON bill (balance_minor, id);
CREATE INDEX bill_by_customer ON bill (customer_id, issued_on, id);
CREATE INDEX bill_by_number ON bill (number text_pattern_ops);
CREATE INDEX bill_by_run ON bill (run_id, id);

-- What the bills of a group add up to, for the operator itself and again for everyone above it, for the
-- package and again for all packages (the nil UUID): any filter is answered by few rows. A writer takes a
-- slot that nobody else holds, so no writer waits for another's totals; the slots are added up when read.
CREATE TABLE bill_total (
    operator_id   uuid NOT NULL,
    package_id    uuid NOT NULL,
    issued_on     date NOT NULL,
    period        text NOT NULL,
    due_on        date NOT NULL,
    status        text NOT NULL,
    slot          smallint NOT NULL,
    bills         bigint NOT NULL,
    total_minor   numeric(30) NOT NULL,
    paid_minor    numeric(30) NOT NULL,
    balance_minor numeric(30) NOT NULL,
    CONSTRAINT bill_total_pk PRIMARY KEY (operator_id, package_id, issued_on, period, due_on, status, slot)
) WITH (fillfactor = 70);

CREATE TABLE payment (
    id              uuid NOT NULL,
    customer_id     uuid NOT NULL,
    bill_id         uuid,
    amount_minor    bigint NOT NULL,
    allocated_minor bigint NOT NULL,
    credit_minor    bigint NOT NULL,
    currency        text NOT NULL,
    method          text NOT NULL,
    paid_on         date NOT NULL,
    recorded_at     timestamptz NOT NULL,
    recorded_by     text NOT NULL,
    source          text NOT NULL,
    reference       text,
    note            text,
    reversed        boolean NOT NULL,
    reversal_reason text,
    reversed_at     timestamptz,
    reversed_by     text,
    version         bigint NOT NULL,
    CONSTRAINT payment_pk PRIMARY KEY (id)
);
CREATE INDEX payment_by_customer ON payment (customer_id, recorded_at, id);

CREATE TABLE payment_allocation (
    payment_id   uuid NOT NULL,
    bill_id      uuid NOT NULL,
    amount_minor bigint NOT NULL,
    version      bigint NOT NULL,
    CONSTRAINT payment_allocation_pk PRIMARY KEY (payment_id, bill_id)
);
CREATE INDEX payment_allocation_by_bill ON payment_allocation (bill_id);

CREATE TABLE held_payment (
    id             uuid NOT NULL,
    source         text NOT NULL,
    payment_id     text NOT NULL,
    operator_id    uuid,
    amount_minor   bigint NOT NULL,
    currency       text NOT NULL,
    reason         text NOT NULL,
    received_at    timestamptz NOT NULL,
    state          text NOT NULL,
    our_payment_id uuid,
    version        bigint NOT NULL,
    CONSTRAINT held_payment_pk PRIMARY KEY (id)
);

CREATE TABLE partner (
    id          uuid NOT NULL,
    name        text NOT NULL,
    operator_id uuid NOT NULL,
    active      boolean NOT NULL,
    version     bigint NOT NULL,
    CONSTRAINT partner_pk PRIMARY KEY (id)
);

CREATE TABLE run (
    id             uuid NOT NULL,
    kind           text NOT NULL,
    state          text NOT NULL,
    period         text NOT NULL,
    operator_id    uuid,
    package_id     uuid,
    customer_id    uuid,
    dry_run        boolean NOT NULL,
    expected       bigint NOT NULL,
    created        bigint NOT NULL,
    already_billed bigint NOT NULL,
    skipped        jsonb NOT NULL,
    failed         bigint NOT NULL,
    total_minor    bigint NOT NULL,
    currency       text NOT NULL,
    requested_by   text NOT NULL,
    started_at     timestamptz NOT NULL,
    completed_at   timestamptz,
    version        bigint NOT NULL,
    CONSTRAINT run_pk PRIMARY KEY (id)
);
CREATE INDEX run_by_period ON run (period);

CREATE TABLE run_entry (
    run_id      uuid NOT NULL,
    customer_id uuid NOT NULL,
    code        text NOT NULL,
    outcome     text NOT NULL,
    reason      text,
    bill_id     uuid,
    CONSTRAINT run_entry_pk PRIMARY KEY (run_id, customer_id)
);
CREATE INDEX run_entry_by_customer ON run_entry (customer_id);

CREATE TABLE billing_settings (
    id                       text NOT NULL,
    time_zone                text NOT NULL,
    currency                 text NOT NULL,
    due_days                 integer NOT NULL,
    billing_from             text NOT NULL,
    link_valid_hours         integer NOT NULL,
    default_vat_basis_points integer NOT NULL,
    version                  bigint NOT NULL,
    CONSTRAINT billing_settings_pk PRIMARY KEY (id)
);

-- When the youngest event that each writing slot has applied was said.
CREATE TABLE projected (
    slot  smallint NOT NULL,
    as_of timestamptz NOT NULL,
    CONSTRAINT projected_pk PRIMARY KEY (slot)
);
