-- name: project_payments!
INSERT INTO payment (id, customer_id, bill_id, amount_minor, allocated_minor, credit_minor, currency, method,
                     paid_on, recorded_at, recorded_by, source, reference, note, reversed, reversal_reason,
                     reversed_at, reversed_by, version)
SELECT id, customer_id, bill_id, amount_minor, allocated_minor, credit_minor, currency, method,
       paid_on, recorded_at, recorded_by, source, reference, note, reversed, reversal_reason,
       reversed_at, reversed_by, version
  FROM unnest(:ids::uuid[], :customer_ids::uuid[], :bill_ids::uuid[], :amounts::bigint[], :allocated::bigint[],
              :credits::bigint[], :currencies::text[], :methods::text[], :paid_ons::date[],
              :recorded_ats::timestamptz[], :recorded_bys::text[], :sources::text[], :refs::text[],
              :notes::text[], :reversed::boolean[], :reversal_reasons::text[], :reversed_ats::timestamptz[],
              :reversed_bys::text[], :versions::bigint[])
    AS t (id, customer_id, bill_id, amount_minor, allocated_minor, credit_minor, currency, method,
          paid_on, recorded_at, recorded_by, source, reference, note, reversed, reversal_reason,
          reversed_at, reversed_by, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET bill_id = excluded.bill_id, allocated_minor = excluded.allocated_minor,
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

-- name: project_held_payments!
INSERT INTO held_payment (id, source, payment_id, operator_id, amount_minor, currency, reason, received_at,
                          state, our_payment_id, version)
SELECT id, source, payment_id, operator_id, amount_minor, currency, reason, received_at,
       state, our_payment_id, version
  FROM unnest(:ids::uuid[], :sources::text[], :payment_ids::text[], :operator_ids::uuid[], :amounts::bigint[],
              :currencies::text[], :reasons::text[], :received_ats::timestamptz[], :states::text[],
              :our_payment_ids::uuid[], :versions::bigint[])
    AS t (id, source, payment_id, operator_id, amount_minor, currency, reason, received_at,
          state, our_payment_id, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET operator_id = excluded.operator_id, reason = excluded.reason, state = excluded.state,
       our_payment_id = excluded.our_payment_id, version = excluded.version
 WHERE held_payment.version < excluded.version

-- name: note_refunds!
INSERT INTO refund (id, customer_id, amount_minor, reason, refunded_by, refunded_at)
SELECT id, customer_id, amount_minor, reason, refunded_by, refunded_at
  FROM unnest(:ids::uuid[], :customer_ids::uuid[], :amounts::bigint[], :reasons::text[], :refunded_bys::text[],
              :refunded_ats::timestamptz[]) AS t (id, customer_id, amount_minor, reason, refunded_by, refunded_at)
ON CONFLICT (id) DO NOTHING
