-- Which of a customer's portal addresses is theirs: each new one counts up, the ones before open nothing.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE portal_address (
    customer_id uuid PRIMARY KEY,
    generation integer NOT NULL CONSTRAINT portal_address_counts_up CHECK (generation > 0),
    changed_at timestamptz NOT NULL
);
