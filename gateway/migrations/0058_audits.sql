-- Audits that admins ask for at the desk: how far one is, and what it found. Who looks is the role `auditor`, which
-- reads what the promises are about in every schema; the projector writes down what it is told.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE audit (
    id          uuid NOT NULL,
    asked_by    text NOT NULL,
    asked_at    timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'waiting',
    holder      uuid,
    lease_until timestamptz NOT NULL,
    started_at  timestamptz,
    ended_at    timestamptz,
    promises    bigint NOT NULL DEFAULT 0,
    looked      bigint NOT NULL DEFAULT 0,
    suspected   bigint NOT NULL DEFAULT 0,
    broken      bigint NOT NULL DEFAULT 0,
    findings    jsonb NOT NULL DEFAULT '[]',
    detail      text NOT NULL DEFAULT '',
    CONSTRAINT audit_pk PRIMARY KEY (id),
    CONSTRAINT audit_state_is_known CHECK (state IN ('waiting', 'looking', 'looked', 'failed', 'interrupted'))
);
CREATE UNIQUE INDEX audit_one_at_a_time ON audit ((TRUE)) WHERE state IN ('waiting', 'looking');
CREATE INDEX audit_newest ON audit (asked_at);

-- When a process that can audit was last heard of; at most one row.
CREATE TABLE auditor_heard (
    id       boolean NOT NULL DEFAULT TRUE,
    heard_at timestamptz NOT NULL,
    CONSTRAINT auditor_heard_pk PRIMARY KEY (id),
    CONSTRAINT auditor_heard_is_one CHECK (id)
);

-- The whole installation's business: nobody below the root sees or asks.
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_reach ON audit TO gateway
    USING ((SELECT reaches_all())) WITH CHECK ((SELECT reaches_all()));
CREATE POLICY audit_projection ON audit TO projector USING (true) WITH CHECK (true);

-- A promise is about every row.
CREATE POLICY bill_audit ON bill FOR SELECT TO auditor USING (true);
CREATE POLICY bill_total_audit ON bill_total FOR SELECT TO auditor USING (true);
CREATE POLICY customer_audit ON customer FOR SELECT TO auditor USING (true);
CREATE POLICY customer_account_audit ON customer_account FOR SELECT TO auditor USING (true);
CREATE POLICY day_closing_audit ON day_closing FOR SELECT TO auditor USING (true);
CREATE POLICY held_payment_audit ON held_payment FOR SELECT TO auditor USING (true);
CREATE POLICY message_audit ON message FOR SELECT TO auditor USING (true);
CREATE POLICY payment_audit ON payment FOR SELECT TO auditor USING (true);
CREATE POLICY payment_allocation_audit ON payment_allocation FOR SELECT TO auditor USING (true);
CREATE POLICY run_audit ON run FOR SELECT TO auditor USING (true);
CREATE POLICY run_entry_audit ON run_entry FOR SELECT TO auditor USING (true);
