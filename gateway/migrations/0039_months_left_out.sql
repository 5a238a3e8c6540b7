-- Missed months that an operator has left out on purpose: nobody is reminded of them until they are brought back.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE month_left_out (
    operator_id uuid NOT NULL,
    period      text NOT NULL,
    -- Who decided it, as they were called then.
    caller      text NOT NULL,
    left_by     text NOT NULL,
    left_at     timestamptz NOT NULL,
    CONSTRAINT month_left_out_pk PRIMARY KEY (operator_id, period)
);
