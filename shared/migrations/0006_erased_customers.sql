-- Customers whose personal data was erased, in every schema: what of it arrives later is told by this row, and
-- what a schema still holds is looked for until nothing of it is left.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE erased_customer (
    customer_id uuid NOT NULL,
    code        text COLLATE "C" NOT NULL,
    erased_at   timestamptz NOT NULL,
    -- When to look for what is left; null once a look found nothing.
    look_at     timestamptz,
    CONSTRAINT erased_customer_pk PRIMARY KEY (customer_id)
);
CREATE INDEX erased_customer_to_look_at ON erased_customer (look_at) WHERE look_at IS NOT NULL;
