-- name: lock_accounts
-- One lock per customer makes everything that touches their money happen one after another; the order keeps two
-- batches from waiting on each other. An account is made when money first touches its customer: a known one is
-- locked by a change that changes nothing, which alone finds it in one pass in whichever moment it was made.
-- First of all no day may be closed until this commits: see `keep_days_open`.
INSERT INTO account (customer_id)
SELECT wanted.customer_id
  FROM unnest(:customer_ids::uuid[]) AS wanted (customer_id)
 WHERE (SELECT pg_advisory_xact_lock_shared(7326301)) IS NOT NULL
 ORDER BY wanted.customer_id
    ON CONFLICT (customer_id) DO UPDATE SET version = account.version
RETURNING customer_id, credit_minor, version, settled_minor,
          (SELECT customer_known.operator_id FROM customer_known
            WHERE customer_known.customer_id = account.customer_id) AS operator_id

-- name: open_accounts!
-- In order, so that two batches never cross.
INSERT INTO account (customer_id)
SELECT wanted.customer_id
  FROM unnest(:customer_ids::uuid[]) AS wanted (customer_id)
 ORDER BY wanted.customer_id
    ON CONFLICT DO NOTHING

-- name: lock_accounts_with_credit
-- And those whose money moves anyway. Nobody's lock is passed over: whoever holds it may leave credit. The ids
-- come as one text, a fifth of what an array of thousands costs.
SELECT customer_id, credit_minor, version, settled_minor,
       (SELECT customer_known.operator_id FROM customer_known
         WHERE customer_known.customer_id = account.customer_id) AS operator_id
  FROM account
 WHERE customer_id = ANY(string_to_array(:customer_ids, ',')::uuid[])
   AND (credit_minor > 0 OR customer_id = ANY(:moving::uuid[]))
 ORDER BY customer_id
   FOR UPDATE

-- name: accounts_with_credit
SELECT customer_id
  FROM account
 WHERE customer_id = ANY(string_to_array(:customer_ids, ',')::uuid[])
   AND credit_minor > 0

-- name: settled_by_customers
-- Of accounts from before it was counted.
SELECT customer_id, sum(allocated_minor)::bigint AS settled_minor
  FROM payment
 WHERE customer_id = ANY(:customer_ids::uuid[])
 GROUP BY customer_id

-- name: lock_stripes!
-- Until the transaction ends, in the order given: an array's elements come in theirs.
SELECT CASE WHEN stripe.alone THEN pg_advisory_xact_lock(:kind, stripe.number)
            ELSE pg_advisory_xact_lock_shared(:kind, stripe.number) END
  FROM unnest(:numbers::integer[], :alone::boolean[]) AS stripe (number, alone)
