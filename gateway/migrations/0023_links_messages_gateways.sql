-- What the desk knows of getting paid online: links and checkouts as payments says them, messages as
-- notifications says them, and both services' settings without their secrets. All of it is projected.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE payment_link (
    id          uuid NOT NULL,
    bill_id     uuid NOT NULL,
    customer_id uuid NOT NULL,
    state       text NOT NULL,
    opened_at   timestamptz,
    expires_at  timestamptz NOT NULL,
    version     bigint NOT NULL,
    CONSTRAINT payment_link_pk PRIMARY KEY (id)
);
CREATE INDEX payment_link_by_bill ON payment_link (bill_id, id);

CREATE TABLE checkout (
    id           uuid NOT NULL,
    link_id      uuid NOT NULL,
    bill_id      uuid NOT NULL,
    customer_id  uuid NOT NULL,
    operator_id  uuid NOT NULL,
    provider     text NOT NULL,
    reference    text NOT NULL,
    amount_minor bigint NOT NULL,
    currency     text NOT NULL,
    state        text NOT NULL,
    external_id  text,
    problem      text,
    created_at   timestamptz NOT NULL,
    version      bigint NOT NULL,
    CONSTRAINT checkout_pk PRIMARY KEY (id)
);
CREATE INDEX checkout_by_bill ON checkout (bill_id, created_at);
CREATE INDEX checkout_unknown ON checkout (created_at) WHERE state = 'unknown';

-- `first_at` is when it was first heard of: a message that is delivered late is no newer one.
CREATE TABLE message (
    id             uuid NOT NULL,
    bill_id        uuid,
    customer_id    uuid,
    operator_id    uuid NOT NULL,
    bulk_action_id uuid,
    template       text NOT NULL,
    language       text NOT NULL,
    mobile_tail    text NOT NULL,
    state          text NOT NULL,
    provider       text,
    gateway_id     uuid,
    code           text,
    detail         text,
    segments       bigint NOT NULL,
    cost_minor     bigint,
    first_at       timestamptz NOT NULL,
    at             timestamptz NOT NULL,
    version        bigint NOT NULL,
    CONSTRAINT message_pk PRIMARY KEY (id)
);
CREATE INDEX message_by_bill ON message (bill_id, first_at);
CREATE INDEX message_by_customer ON message (customer_id, first_at);
CREATE INDEX message_by_operator ON message (operator_id, first_at);
CREATE INDEX message_by_bulk_action ON message (bulk_action_id) WHERE bulk_action_id IS NOT NULL;
CREATE INDEX message_unknown ON message (first_at) WHERE state = 'unknown';

CREATE TABLE payment_gateway (
    id            uuid NOT NULL,
    operator_id   uuid NOT NULL,
    provider      text NOT NULL,
    enabled       boolean NOT NULL,
    base_url      text,
    minimum_minor bigint,
    maximum_minor bigint,
    unverified    boolean NOT NULL,
    removed       boolean NOT NULL,
    version       bigint NOT NULL,
    CONSTRAINT payment_gateway_pk PRIMARY KEY (id)
);

CREATE TABLE sms_gateway (
    id                     uuid NOT NULL,
    operator_id            uuid NOT NULL,
    provider               text NOT NULL,
    priority               bigint NOT NULL,
    enabled                boolean NOT NULL,
    base_url               text,
    settings               jsonb NOT NULL,
    secret_sealed_at       timestamptz,
    sending_from           text,
    sending_until          text,
    per_minute             bigint,
    cost_per_segment_minor bigint,
    removed                boolean NOT NULL,
    changed_by             text NOT NULL,
    changed_at             timestamptz NOT NULL,
    version                bigint NOT NULL,
    CONSTRAINT sms_gateway_pk PRIMARY KEY (id)
);

CREATE TABLE sms_template (
    operator_id uuid NOT NULL,
    template    text NOT NULL,
    language    text NOT NULL,
    words       text,
    changed_by  text NOT NULL,
    changed_at  timestamptz NOT NULL,
    version     bigint NOT NULL,
    CONSTRAINT sms_template_pk PRIMARY KEY (operator_id, template, language)
);

CREATE TABLE reminder_rule (
    id                   uuid NOT NULL,
    operator_id          uuid NOT NULL,
    days                 integer NOT NULL,
    template             text NOT NULL,
    enabled              boolean NOT NULL,
    exclude_operator_ids uuid[] NOT NULL,
    version              bigint NOT NULL,
    CONSTRAINT reminder_rule_pk PRIMARY KEY (id)
);

CREATE TABLE online_settings (
    id            text NOT NULL,
    send_receipts boolean NOT NULL,
    version       bigint NOT NULL,
    CONSTRAINT online_settings_pk PRIMARY KEY (id)
);

-- The answer to a dry run of reminders, by its operation. No projection: nobody says it a second time.
CREATE TABLE reminder_plan (
    operation_id uuid NOT NULL,
    rule_id      uuid NOT NULL,
    day          date NOT NULL,
    total        bigint NOT NULL,
    reminders    jsonb NOT NULL,
    skipped      jsonb NOT NULL,
    planned_at   timestamptz NOT NULL,
    CONSTRAINT reminder_plan_pk PRIMARY KEY (operation_id)
);
CREATE INDEX reminder_plan_by_age ON reminder_plan (planned_at);

-- Money of a provider names whose checkout it came from.
ALTER TABLE held_payment ADD COLUMN customer_id uuid;
ALTER TABLE held_payment ADD COLUMN bill_id uuid;
ALTER TABLE held_payment ADD COLUMN checkout_id uuid;

-- A link and a checkout are their bill's, a message its operator's.
ALTER TABLE payment_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY payment_link_reach ON payment_link FOR SELECT TO gateway
    USING ((SELECT reaches_all()) OR EXISTS (SELECT 1 FROM bill WHERE bill.id = payment_link.bill_id));
CREATE POLICY payment_link_projection ON payment_link TO projector USING (true) WITH CHECK (true);

ALTER TABLE checkout ENABLE ROW LEVEL SECURITY;
CREATE POLICY checkout_reach ON checkout FOR SELECT TO gateway
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())]));
CREATE POLICY checkout_projection ON checkout TO projector USING (true) WITH CHECK (true);

ALTER TABLE message ENABLE ROW LEVEL SECURITY;
CREATE POLICY message_reach ON message FOR SELECT TO gateway
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())]));
CREATE POLICY message_projection ON message TO projector USING (true) WITH CHECK (true);

-- What an operator inherits it sees as well: the gateways, texts and rules of those above it.
ALTER TABLE payment_gateway ENABLE ROW LEVEL SECURITY;
CREATE POLICY payment_gateway_reach ON payment_gateway FOR SELECT TO gateway
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())])
           OR operator_id IN (SELECT unnest(operator.path) FROM operator WHERE operator.id = (SELECT reach_top())));
CREATE POLICY payment_gateway_projection ON payment_gateway TO projector USING (true) WITH CHECK (true);

ALTER TABLE sms_gateway ENABLE ROW LEVEL SECURITY;
CREATE POLICY sms_gateway_reach ON sms_gateway FOR SELECT TO gateway
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())])
           OR operator_id IN (SELECT unnest(operator.path) FROM operator WHERE operator.id = (SELECT reach_top())));
CREATE POLICY sms_gateway_projection ON sms_gateway TO projector USING (true) WITH CHECK (true);

ALTER TABLE sms_template ENABLE ROW LEVEL SECURITY;
CREATE POLICY sms_template_reach ON sms_template FOR SELECT TO gateway
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())])
           OR operator_id IN (SELECT unnest(operator.path) FROM operator WHERE operator.id = (SELECT reach_top())));
CREATE POLICY sms_template_projection ON sms_template TO projector USING (true) WITH CHECK (true);

ALTER TABLE reminder_rule ENABLE ROW LEVEL SECURITY;
CREATE POLICY reminder_rule_reach ON reminder_rule FOR SELECT TO gateway
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())]));
CREATE POLICY reminder_rule_projection ON reminder_rule TO projector USING (true) WITH CHECK (true);
