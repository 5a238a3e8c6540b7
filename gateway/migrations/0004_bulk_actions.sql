-- Bulk actions: a selection frozen when it was asked for, each item with its own command and its own end.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE bulk_action (
    id          uuid NOT NULL,
    action      text NOT NULL,
    state       text NOT NULL DEFAULT 'queued',
    operator_id uuid NOT NULL,
    caller      text NOT NULL,
    actor       jsonb NOT NULL,
    scope       uuid,
    parameters  jsonb NOT NULL,
    run_id      uuid,
    total       bigint NOT NULL DEFAULT 0,
    succeeded   bigint NOT NULL DEFAULT 0,
    failed      bigint NOT NULL DEFAULT 0,
    skipped     bigint NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    CONSTRAINT bulk_action_pk PRIMARY KEY (id),
    CONSTRAINT bulk_action_state_is_known
        CHECK (state IN ('queued', 'running', 'cancelling', 'cancelled', 'completed'))
);

CREATE TABLE bulk_action_item (
    action_id     uuid NOT NULL,
    position      integer NOT NULL,
    bill_id       uuid NOT NULL,
    customer_id   uuid,
    currency      text,
    balance_minor bigint,
    command_id    uuid,
    sent_at       timestamptz,
    state         text NOT NULL,
    outcome       text,
    problem       jsonb,
    CONSTRAINT bulk_action_item_pk PRIMARY KEY (action_id, position),
    CONSTRAINT bulk_action_item_bill_once UNIQUE (action_id, bill_id),
    CONSTRAINT bulk_action_item_command_once UNIQUE (command_id),
    CONSTRAINT bulk_action_item_state_is_known CHECK (state IN ('pending', 'succeeded', 'failed', 'skipped'))
);
CREATE INDEX bulk_action_item_waiting ON bulk_action_item (action_id, position)
    WHERE state = 'pending' AND command_id IS NULL;
CREATE INDEX bulk_action_item_sent ON bulk_action_item (sent_at) WHERE state = 'pending' AND command_id IS NOT NULL;
