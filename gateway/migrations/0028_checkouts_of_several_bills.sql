-- migrate: no-transaction
SET lock_timeout = '5s';
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS checkout_of_several ON checkout (customer_id)
    WHERE further_bill_ids <> '{}';
