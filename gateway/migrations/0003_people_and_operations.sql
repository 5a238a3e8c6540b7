-- What is the gateway's own: who may sign in, what they asked for, and what became of it. No projections.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE user_account (
    id            uuid NOT NULL,
    email         text NOT NULL,
    name          text NOT NULL,
    password_hash text NOT NULL,
    role          text NOT NULL,
    operator_id   uuid NOT NULL,
    active        boolean NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL,
    CONSTRAINT user_account_pk PRIMARY KEY (id),
    CONSTRAINT user_account_email_is_taken UNIQUE (email),
    CONSTRAINT user_account_role_is_known CHECK (role IN ('admin', 'operator', 'collector', 'viewer'))
);

CREATE TABLE user_session (
    token_hash bytea NOT NULL,
    user_id    uuid NOT NULL,
    csrf_token text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT user_session_pk PRIMARY KEY (token_hash),
    CONSTRAINT user_session_belongs_to_a_user FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE CASCADE
);
CREATE INDEX user_session_by_user ON user_session (user_id);

CREATE TABLE api_token (
    id         uuid NOT NULL,
    user_id    uuid NOT NULL,
    name       text NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT api_token_pk PRIMARY KEY (id),
    CONSTRAINT api_token_hash_is_unique UNIQUE (token_hash),
    CONSTRAINT api_token_belongs_to_a_user FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE CASCADE
);
CREATE INDEX api_token_by_user ON api_token (user_id);

-- One row per account or address and minute; both replicas count in the same row.
CREATE TABLE sign_in_attempt (
    subject  text NOT NULL,
    minute   timestamptz NOT NULL,
    attempts integer NOT NULL,
    CONSTRAINT sign_in_attempt_pk PRIMARY KEY (subject, minute)
);

-- An operation is a command on its way: its id is the command's. It carries the command, to send it again.
CREATE TABLE operation (
    id           uuid NOT NULL,
    kind         text NOT NULL,
    subject_id   uuid NOT NULL,
    operator_id  uuid NOT NULL,
    caller       text NOT NULL,
    state        text NOT NULL DEFAULT 'pending',
    problem      jsonb,
    facts        jsonb NOT NULL DEFAULT '{}',
    topic        text,
    key          text,
    type         text,
    payload      text,
    created_at   timestamptz NOT NULL,
    sent_at      timestamptz NOT NULL,
    completed_at timestamptz,
    CONSTRAINT operation_pk PRIMARY KEY (id),
    CONSTRAINT operation_state_is_known CHECK (state IN ('pending', 'completed', 'refused'))
);
CREATE INDEX operation_pending ON operation (sent_at) WHERE state = 'pending';
CREATE INDEX operation_by_age ON operation (created_at);

-- The answer that a key stands for: an operation, or a bulk action.
CREATE TABLE idempotency_key (
    caller       text NOT NULL,
    key          text NOT NULL,
    request_hash bytea NOT NULL,
    operation_id uuid NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT idempotency_key_is_unique PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_key_by_age ON idempotency_key (created_at);

-- A customers file: chunks under way, and what we refused ourselves while reading it.
CREATE TABLE customer_import (
    id           uuid NOT NULL,
    chunks       integer NOT NULL,
    customer_ids uuid[] NOT NULL,
    refused      jsonb NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT customer_import_pk PRIMARY KEY (id)
);

CREATE TABLE customer_import_chunk (
    import_id    uuid NOT NULL,
    message_id   uuid NOT NULL,
    topic        text NOT NULL,
    key          text NOT NULL,
    type         text NOT NULL,
    payload      text,
    sent_at      timestamptz NOT NULL,
    created      bigint,
    updated      bigint,
    unchanged    bigint,
    refused      jsonb,
    CONSTRAINT customer_import_chunk_pk PRIMARY KEY (message_id)
);
CREATE INDEX customer_import_chunk_by_import ON customer_import_chunk (import_id);

-- Money paid back out of credit: a fact that payments says once.
CREATE TABLE refund (
    id           uuid NOT NULL,
    customer_id  uuid NOT NULL,
    amount_minor bigint NOT NULL,
    reason       text NOT NULL,
    refunded_by  text NOT NULL,
    refunded_at  timestamptz NOT NULL,
    CONSTRAINT refund_pk PRIMARY KEY (id)
);
CREATE INDEX refund_by_customer ON refund (customer_id);

-- A rebuild under way: while there is a row, the projector writes every projection twice.
CREATE TABLE view_rebuild (
    id         text NOT NULL DEFAULT 'view',
    started_at timestamptz NOT NULL,
    CONSTRAINT view_rebuild_pk PRIMARY KEY (id),
    CONSTRAINT view_rebuild_one_at_a_time CHECK (id = 'view')
);
