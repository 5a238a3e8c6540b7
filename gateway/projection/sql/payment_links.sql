-- name: project_payment_links!
-- Arrays of arrays would have to be of one length: further bills come as texts.
INSERT INTO payment_link (id, bill_id, further_bill_ids, customer_id, state, opened_at, expires_at, version)
SELECT id, bill_id, further_bill_ids::uuid[], customer_id, state, opened_at, expires_at, version
  FROM unnest(:ids::uuid[], :bill_ids::uuid[], :further::text[], :customer_ids::uuid[], :states::text[],
              :opened_ats::timestamptz[], :expires_ats::timestamptz[], :versions::bigint[])
    AS t (id, bill_id, further_bill_ids, customer_id, state, opened_at, expires_at, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET state = excluded.state, opened_at = excluded.opened_at, expires_at = excluded.expires_at,
       version = excluded.version
 WHERE payment_link.version < excluded.version

-- name: project_checkouts!
INSERT INTO checkout (id, link_id, bill_id, customer_id, operator_id, provider, reference, amount_minor, currency,
                      state, external_id, problem, created_at, further_bill_ids, version)
SELECT id, link_id, bill_id, customer_id, operator_id, provider, reference, amount_minor, currency,
       state, external_id, problem, created_at, further_bill_ids::uuid[], version
  FROM unnest(:ids::uuid[], :link_ids::uuid[], :bill_ids::uuid[], :customer_ids::uuid[], :operator_ids::uuid[],
              :providers::text[], :refs::text[], :amounts::bigint[], :currencies::text[], :states::text[],
              :external_ids::text[], :problems::text[], :created_ats::timestamptz[], :further::text[],
              :versions::bigint[])
    AS t (id, link_id, bill_id, customer_id, operator_id, provider, reference, amount_minor, currency,
          state, external_id, problem, created_at, further_bill_ids, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET state = excluded.state, external_id = excluded.external_id, problem = excluded.problem,
       version = excluded.version
 WHERE checkout.version < excluded.version
