-- The catalogue, invoices and runs of invoicing.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE billing_settings (
    single                   boolean NOT NULL DEFAULT TRUE,
    time_zone                text NOT NULL,
    currency                 text NOT NULL,
    due_days                 integer NOT NULL,
    billing_from             text COLLATE "C" NOT NULL,
    link_valid_hours         integer NOT NULL,
    default_vat_basis_points integer NOT NULL,
    installed_in             text COLLATE "C" NOT NULL,
    version                  bigint NOT NULL DEFAULT 1,
    CONSTRAINT billing_settings_pk PRIMARY KEY (single),
    CONSTRAINT billing_settings_is_one_row CHECK (single),
    CONSTRAINT billing_settings_currency_is_a_code CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT billing_settings_from_is_a_period CHECK (billing_from ~ '^[0-9]{4}-(0[1-9]|1[0-2])$')
);

CREATE TABLE operator (
    id        uuid NOT NULL,
    code      text COLLATE "C" NOT NULL,
    name      text NOT NULL,
    parent_id uuid,
    path      uuid[] NOT NULL,
    version   bigint NOT NULL DEFAULT 1,
    CONSTRAINT operator_pk PRIMARY KEY (id),
    CONSTRAINT operator_code_taken UNIQUE (code),
    CONSTRAINT operator_parent_exists FOREIGN KEY (parent_id) REFERENCES operator (id),
    CONSTRAINT operator_path_ends_in_itself CHECK (path[cardinality(path)] = id)
);
CREATE UNIQUE INDEX operator_root_exists ON operator ((parent_id IS NULL)) WHERE parent_id IS NULL;
CREATE INDEX operator_by_path ON operator USING gin (path);

-- Apart from the operator, so that numbering locks nothing that the catalogue reads or changes.
CREATE TABLE operator_counter (
    operator_id uuid NOT NULL,
    next_number bigint NOT NULL DEFAULT 1,
    CONSTRAINT operator_counter_pk PRIMARY KEY (operator_id),
    CONSTRAINT operator_counter_operator_exists FOREIGN KEY (operator_id) REFERENCES operator (id),
    CONSTRAINT operator_counter_is_positive CHECK (next_number > 0)
);

CREATE TABLE package (
    id               uuid NOT NULL,
    operator_id      uuid,
    name             text NOT NULL,
    price_minor      bigint NOT NULL,
    vat_basis_points integer NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    CONSTRAINT package_pk PRIMARY KEY (id),
    CONSTRAINT package_operator_exists FOREIGN KEY (operator_id) REFERENCES operator (id),
    CONSTRAINT package_price_is_not_negative CHECK (price_minor >= 0),
    CONSTRAINT package_vat_is_a_share CHECK (vat_basis_points BETWEEN 0 AND 10000)
);
CREATE INDEX package_by_name ON package (name);

CREATE TABLE customer (
    id            uuid NOT NULL,
    operator_id   uuid NOT NULL,
    code          text COLLATE "C" NOT NULL,
    name          text NOT NULL,
    mobile        text,
    address       text NOT NULL,
    package_id    uuid NOT NULL,
    status        text NOT NULL,
    billing_cycle text NOT NULL,
    since         date NOT NULL,
    version       bigint NOT NULL DEFAULT 1,
    CONSTRAINT customer_pk PRIMARY KEY (id),
    -- The code first: the index below has to be the only one that begins with the operator, or the
    -- planner, short of statistics, takes the other and reads all customers of the operator for each chunk.
    CONSTRAINT customer_code_taken UNIQUE (code, operator_id),
    CONSTRAINT customer_operator_exists FOREIGN KEY (operator_id) REFERENCES operator (id),
    CONSTRAINT customer_package_exists FOREIGN KEY (package_id) REFERENCES package (id),
    CONSTRAINT customer_status_is_known CHECK (status IN ('active', 'suspended', 'closed')),
    CONSTRAINT customer_cycle_is_known CHECK (billing_cycle IN ('monthly', 'daily', 'none'))
);
-- A run walks one operator's customers in the order of their ids.
CREATE INDEX customer_by_operator ON customer (operator_id, id);

-- Which line of an import spoke for a code first; a second one is a duplicate, whatever chunk it is in.
CREATE TABLE import_line (
    import_id   uuid NOT NULL,
    operator_id uuid NOT NULL,
    code        text COLLATE "C" NOT NULL,
    line        bigint NOT NULL,
    CONSTRAINT import_line_pk PRIMARY KEY (import_id, operator_id, code)
);

-- Written at a run's full speed: no foreign keys (nothing is ever deleted here; a run reads the rows
-- that it refers to in the same statement) and no index that a promise does not need.
-- The number is the operator's code and the sequence; codes are unique and never change.
CREATE TABLE invoice (
    id               uuid NOT NULL,
    operator_id      uuid NOT NULL,
    customer_id      uuid NOT NULL,
    package_id       uuid NOT NULL,
    run_id           uuid,
    sequence         bigint NOT NULL,
    net_minor        bigint NOT NULL,
    vat_minor        bigint NOT NULL,
    total_minor      bigint NOT NULL,
    issued_at        timestamptz NOT NULL,
    issued_on        date NOT NULL,
    due_on           date NOT NULL,
    vat_basis_points integer NOT NULL,
    version          integer NOT NULL DEFAULT 1,
    period           text COLLATE "C" NOT NULL,
    currency         text COLLATE "C" NOT NULL,
    number           text COLLATE "C" NOT NULL,
    operator_name    text NOT NULL,
    package_name     text NOT NULL,
    customer_code    text NOT NULL,
    customer_name    text NOT NULL,
    customer_mobile  text,
    reissue_of       uuid,
    reissued_as      uuid,
    voided_at        timestamptz,
    void_reason      text,
    voided_by        text,
    CONSTRAINT invoice_pk PRIMARY KEY (id),
    CONSTRAINT invoice_number_taken UNIQUE (operator_id, sequence),
    CONSTRAINT invoice_adds_up CHECK (total_minor = net_minor + vat_minor AND net_minor >= 0 AND vat_minor >= 0),
    CONSTRAINT invoice_reissued_only_when_void CHECK (reissued_as IS NULL OR voided_at IS NOT NULL)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.5);
CREATE UNIQUE INDEX invoice_one_live_a_period ON invoice (period, customer_id) WHERE voided_at IS NULL;
CREATE INDEX invoice_void_in_period ON invoice (period, customer_id) WHERE voided_at IS NOT NULL;
CREATE UNIQUE INDEX invoice_reissued_once ON invoice (reissue_of) WHERE reissue_of IS NOT NULL;

CREATE FUNCTION refuse_to_change_an_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'invoice % is frozen', OLD.number USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER invoice_is_frozen
    BEFORE UPDATE OF id, operator_id, customer_id, package_id, run_id, sequence, net_minor, vat_minor,
                     total_minor, issued_at, issued_on, due_on, vat_basis_points, period, currency, number,
                     operator_name, package_name, customer_code, customer_name, customer_mobile, reissue_of
    ON invoice FOR EACH ROW EXECUTE FUNCTION refuse_to_change_an_issued_invoice();
CREATE TRIGGER invoice_is_kept
    BEFORE DELETE ON invoice FOR EACH ROW EXECUTE FUNCTION refuse_to_change_an_issued_invoice();

-- What payments said of an invoice: a paid one is not voided.
CREATE TABLE invoice_money (
    invoice_id         uuid NOT NULL,
    paid_minor         bigint NOT NULL,
    receivable_version bigint NOT NULL,
    CONSTRAINT invoice_money_pk PRIMARY KEY (invoice_id)
);

-- A void that was asked for by somebody who knew more of the invoice's money than we do.
CREATE TABLE pending_void (
    command_id  uuid NOT NULL,
    envelope    jsonb NOT NULL,
    command     jsonb NOT NULL,
    invoice_id  uuid NOT NULL,
    seen        bigint NOT NULL,
    decide_at   timestamptz NOT NULL,
    CONSTRAINT pending_void_pk PRIMARY KEY (command_id)
);

CREATE TABLE run (
    id             uuid NOT NULL,
    kind           text NOT NULL,
    state          text NOT NULL DEFAULT 'pending',
    period         text COLLATE "C" NOT NULL,
    operator_id    uuid,
    package_id     uuid,
    customer_id    uuid,
    dry_run        boolean NOT NULL,
    joined_by      date NOT NULL,
    currency       text NOT NULL,
    chunks_open    bigint NOT NULL DEFAULT 0,
    expected       bigint NOT NULL DEFAULT 0,
    created        bigint NOT NULL DEFAULT 0,
    already_billed bigint NOT NULL DEFAULT 0,
    skipped        jsonb NOT NULL DEFAULT '{}',
    failed         bigint NOT NULL DEFAULT 0,
    total_minor    bigint NOT NULL DEFAULT 0,
    requested_by   text NOT NULL,
    started_at     timestamptz NOT NULL,
    said_at        timestamptz NOT NULL,
    completed_at   timestamptz,
    version        bigint NOT NULL DEFAULT 1,
    CONSTRAINT run_pk PRIMARY KEY (id),
    CONSTRAINT run_kind_is_known CHECK (kind IN ('automatic', 'requested', 'generate_missing')),
    CONSTRAINT run_state_is_known CHECK (state IN ('pending', 'running', 'completed')),
    CONSTRAINT run_counts_are_not_negative CHECK (least(expected, created, already_billed, failed, total_minor) >= 0)
);
CREATE UNIQUE INDEX run_automatic_once_a_period ON run (period) WHERE kind = 'automatic';
CREATE INDEX run_unfinished ON run (started_at) WHERE state <> 'completed';

-- A piece of a run: the customers of one operator between two ids. Done when it has its counts.
CREATE TABLE run_chunk (
    run_id      uuid NOT NULL,
    position    bigint NOT NULL,
    operator_id uuid NOT NULL,
    first_id    uuid NOT NULL,
    last_id     uuid NOT NULL,
    expected    bigint NOT NULL,
    done        boolean NOT NULL DEFAULT FALSE,
    CONSTRAINT run_chunk_pk PRIMARY KEY (run_id, position),
    CONSTRAINT run_chunk_run_exists FOREIGN KEY (run_id) REFERENCES run (id)
);
CREATE INDEX run_chunk_open ON run_chunk (run_id, position) WHERE NOT done;

-- What a run said that cannot be worked out again: the customers it did not bill, in parts.
CREATE TABLE run_said (
    run_id  uuid NOT NULL,
    version bigint NOT NULL,
    payload text NOT NULL,
    CONSTRAINT run_said_pk PRIMARY KEY (run_id, version),
    CONSTRAINT run_said_run_exists FOREIGN KEY (run_id) REFERENCES run (id)
);

-- A republish under way: which noun it says next, from where, and what has to leave the outbox.
CREATE TABLE republish (
    command_id     uuid NOT NULL,
    envelope       jsonb NOT NULL,
    subjects       text[] NOT NULL,
    said           bigint NOT NULL DEFAULT 0,
    after_id       uuid,
    after_version  bigint NOT NULL DEFAULT 0,
    last_outbox_id bigint NOT NULL DEFAULT 0,
    completed_at   timestamptz,
    CONSTRAINT republish_pk PRIMARY KEY (command_id)
);
CREATE INDEX republish_open ON republish (command_id) WHERE completed_at IS NULL;
