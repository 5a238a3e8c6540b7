-- name: project_payments!
-- An event of a release that did not say for whom money was taken leaves it to what is known here.
INSERT INTO payment (id, customer_id, operator_id, bill_id, amount_minor, allocated_minor, credit_minor, currency, method,
                     paid_on, recorded_at, recorded_by, recorded_by_name, source, external_id, reference, note, reversed, reversal_reason,
                     reversed_at, reversed_by, version)
SELECT id, customer_id,
       coalesce(operator_id, (SELECT bill.operator_id FROM bill WHERE bill.id = t.bill_id),
                (SELECT customer.operator_id FROM customer WHERE customer.id = t.customer_id)),
       bill_id, amount_minor, allocated_minor, credit_minor, currency, method,
       paid_on, recorded_at, recorded_by, recorded_by_name, source, external_id, reference, note, reversed, reversal_reason,
       reversed_at, reversed_by, version
  FROM unnest(:ids::uuid[], :customer_ids::uuid[], :operator_ids::uuid[], :bill_ids::uuid[], :amounts::bigint[],
              :allocated::bigint[], :credits::bigint[], :currencies::text[], :methods::text[], :paid_ons::date[],
              :recorded_ats::timestamptz[], :recorded_bys::text[], :recorded_by_names::text[], :sources::text[],
              :external_ids::text[], :refs::text[],
              :notes::text[], :reversed::boolean[], :reversal_reasons::text[], :reversed_ats::timestamptz[],
              :reversed_bys::text[], :versions::bigint[])
    AS t (id, customer_id, operator_id, bill_id, amount_minor, allocated_minor, credit_minor, currency, method,
          paid_on, recorded_at, recorded_by, recorded_by_name, source, external_id, reference, note, reversed, reversal_reason,
          reversed_at, reversed_by, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET operator_id = excluded.operator_id, bill_id = excluded.bill_id, external_id = excluded.external_id, allocated_minor = excluded.allocated_minor,
       credit_minor = excluded.credit_minor, reversed = excluded.reversed,
       reversal_reason = excluded.reversal_reason, reversed_at = excluded.reversed_at,
       reversed_by = excluded.reversed_by, version = excluded.version
 WHERE payment.version < excluded.version

-- name: project_allocations!
INSERT INTO payment_allocation (payment_id, bill_id, amount_minor, version)
SELECT payment_id, bill_id, amount_minor, version
  FROM unnest(:payment_ids::uuid[], :bill_ids::uuid[], :amounts::bigint[], :versions::bigint[])
    AS t (payment_id, bill_id, amount_minor, version)
 ORDER BY payment_id, bill_id
ON CONFLICT (payment_id, bill_id) DO UPDATE
   SET amount_minor = excluded.amount_minor, version = excluded.version
 WHERE payment_allocation.version < excluded.version

-- name: project_accounts!
INSERT INTO customer_account (customer_id, credit_minor, version)
SELECT customer_id, credit_minor, version
  FROM unnest(:customer_ids::uuid[], :credits::bigint[], :versions::bigint[])
    AS t (customer_id, credit_minor, version)
 ORDER BY customer_id
ON CONFLICT (customer_id) DO UPDATE
   SET credit_minor = excluded.credit_minor, version = excluded.version
 WHERE customer_account.version < excluded.version
