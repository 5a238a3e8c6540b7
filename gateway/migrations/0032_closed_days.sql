-- Days that were counted and signed off, as payments says them; a row never changes.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE day_closing (
    id                uuid NOT NULL,
    operator_id       uuid NOT NULL,
    collector         text,
    collector_name    text,
    day               date NOT NULL,
    currency          text NOT NULL,
    lines             jsonb NOT NULL,
    payments          bigint NOT NULL,
    collected_minor   bigint NOT NULL,
    cash_minor        bigint NOT NULL,
    late_payments     bigint NOT NULL,
    late_minor        bigint NOT NULL,
    reversed_payments bigint NOT NULL,
    reversed_minor    bigint NOT NULL,
    expected_minor    bigint NOT NULL,
    counted_minor     bigint NOT NULL,
    note              text,
    closed_by         text NOT NULL,
    closed_by_name    text,
    closed_at         timestamptz NOT NULL,
    version           bigint NOT NULL,
    CONSTRAINT day_closing_pk PRIMARY KEY (id)
);
CREATE INDEX day_closing_of_operator ON day_closing (operator_id, day);
CREATE INDEX day_closing_of_collector ON day_closing (collector, day) WHERE collector IS NOT NULL;

ALTER TABLE day_closing ENABLE ROW LEVEL SECURITY;
CREATE POLICY day_closing_reach ON day_closing FOR SELECT TO gateway
    USING ((SELECT reaches_all())
           OR operator_id IN (SELECT operator.id FROM operator WHERE operator.path @> ARRAY[(SELECT reach_top())]));
CREATE POLICY day_closing_projection ON day_closing TO projector USING (true) WITH CHECK (true);
