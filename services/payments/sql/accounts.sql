-- name: open_accounts!
-- An account is made when money first touches its customer; in order, so that two batches never cross.
INSERT INTO account (customer_id)
SELECT wanted.customer_id
  FROM unnest(:customer_ids::uuid[]) AS wanted (customer_id)
 ORDER BY wanted.customer_id
    ON CONFLICT DO NOTHING

-- name: lock_accounts
-- One lock per customer makes everything that touches their money happen one after another;
-- the order keeps two batches from waiting on each other.
SELECT customer_id, credit_minor, version
  FROM account
 WHERE customer_id = ANY(:customer_ids::uuid[])
 ORDER BY customer_id
   FOR UPDATE

-- name: lock_accounts_with_credit
-- Those locked by others are passed over: whoever leaves credit looks for bills once more before the end.
SELECT customer_id, credit_minor, version
  FROM account
 WHERE customer_id = ANY(:customer_ids::uuid[])
   AND credit_minor > 0
 ORDER BY customer_id
   FOR UPDATE SKIP LOCKED

-- name: save_accounts!
UPDATE account
   SET credit_minor = changed.credit_minor, version = changed.version
  FROM unnest(:customer_ids::uuid[], :credits::bigint[], :versions::bigint[])
       AS changed (customer_id, credit_minor, version)
 WHERE account.customer_id = changed.customer_id

-- name: share_arrivals!
-- A transaction that adds receivables or customers; `stop_arrivals` waits for it.
SELECT pg_advisory_xact_lock_shared(7201)

-- name: stop_arrivals!
-- Alone: no receivable or customer is being added that a look at the tables would miss.
SELECT pg_advisory_xact_lock(7201)
