-- Days that were counted and signed off, for one collector or for an operator with its subtree. A row is written
-- once: what is recorded or taken back later is in the next one.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE day_closing (
    closing_id        uuid NOT NULL,
    operator_id       uuid NOT NULL,
    -- Null: the operator's own.
    collector         text COLLATE "C",
    collector_name    text,
    day               date NOT NULL,
    currency          text COLLATE "C" NOT NULL,
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
    CONSTRAINT day_closing_pk PRIMARY KEY (closing_id),
    CONSTRAINT day_closing_once UNIQUE NULLS NOT DISTINCT (operator_id, collector, day),
    CONSTRAINT day_closing_adds_up CHECK (expected_minor = cash_minor + late_minor - reversed_minor),
    CONSTRAINT day_closing_counts_what_there_is CHECK (counted_minor >= 0),
    CONSTRAINT day_closing_difference_is_explained CHECK (counted_minor = expected_minor OR note IS NOT NULL)
);
CREATE INDEX day_closing_of_collector ON day_closing (collector, day) WHERE collector IS NOT NULL;
