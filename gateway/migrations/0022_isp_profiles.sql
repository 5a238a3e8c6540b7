-- What each operator says of itself on its documents, as documents says it; what it inherits is worked out on reading.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- Read along an operator's path: what those above say is printed on the bills of everyone below, so no row of it
-- is anybody's secret.
CREATE TABLE isp_profile (
    operator_id uuid NOT NULL,
    fields      jsonb NOT NULL,
    logo        jsonb,
    no_logo     boolean NOT NULL,
    valid_from  timestamptz NOT NULL,
    changed_by  text NOT NULL,
    version     bigint NOT NULL,
    CONSTRAINT isp_profile_pk PRIMARY KEY (operator_id)
);
