-- name: project_held_payments!
INSERT INTO held_payment (id, source, payment_id, operator_id, amount_minor, currency, reason, received_at,
                          state, our_payment_id, customer_id, bill_id, checkout_id, version)
SELECT id, source, payment_id, operator_id, amount_minor, currency, reason, received_at,
       state, our_payment_id, customer_id, bill_id, checkout_id, version
  FROM unnest(:ids::uuid[], :sources::text[], :payment_ids::text[], :operator_ids::uuid[], :amounts::bigint[],
              :currencies::text[], :reasons::text[], :received_ats::timestamptz[], :states::text[],
              :our_payment_ids::uuid[], :customer_ids::uuid[], :bill_ids::uuid[], :checkout_ids::uuid[],
              :versions::bigint[])
    AS t (id, source, payment_id, operator_id, amount_minor, currency, reason, received_at,
          state, our_payment_id, customer_id, bill_id, checkout_id, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET operator_id = excluded.operator_id, reason = excluded.reason, state = excluded.state,
       our_payment_id = excluded.our_payment_id, customer_id = excluded.customer_id, bill_id = excluded.bill_id,
       checkout_id = excluded.checkout_id, version = excluded.version
 WHERE held_payment.version < excluded.version
