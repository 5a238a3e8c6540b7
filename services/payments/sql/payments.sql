-- name: payments_with_credit
SELECT payment_id, customer_id, operator_id, invoice_id, amount_minor, credit_minor, refunded_minor, currency, method, paid_on,
       recorded_at, recorded_by, recorded_by_name, recorded_by_id, source, external_id, reference, note, reversed,
       reversal_reason, reversed_at, reversed_by, version
  FROM payment
 WHERE customer_id = ANY(:customer_ids::uuid[])
   AND credit_minor > 0

-- name: all_payments
SELECT payment_id, customer_id, operator_id, invoice_id, amount_minor, credit_minor, refunded_minor, currency, method, paid_on,
       recorded_at, recorded_by, recorded_by_name, recorded_by_id, source, external_id, reference, note, reversed,
       reversal_reason, reversed_at, reversed_by, version
  FROM payment
 WHERE customer_id = ANY(:customer_ids::uuid[])

-- name: payments_by_id
SELECT payment_id, customer_id, operator_id, invoice_id, amount_minor, credit_minor, refunded_minor, currency, method, paid_on,
       recorded_at, recorded_by, recorded_by_name, recorded_by_id, source, external_id, reference, note, reversed,
       reversal_reason, reversed_at, reversed_by, version
  FROM payment
 WHERE payment_id = ANY(:payment_ids::uuid[])

-- name: allocations_of
SELECT payment_id, invoice_id, amount_minor
  FROM allocation
 WHERE payment_id = ANY(:payment_ids::uuid[])
 ORDER BY payment_id, invoice_id

-- name: save_money!
-- Behind the locks of the accounts: all that moved, in one round trip.
-- Words that came with money of an erased customer are looked for once more.
WITH looked_at_again AS (
    UPDATE erased_customer
       SET look_at = clock_timestamp()
     WHERE customer_id = ANY(:account_customer_ids::uuid[])
), saved_account AS (
    UPDATE account
       SET credit_minor = changed.credit_minor, version = changed.version, settled_minor = changed.settled_minor
      FROM unnest(:account_customer_ids::uuid[], :account_credits::bigint[], :account_versions::bigint[],
                  :account_settled::bigint[])
           AS changed (customer_id, credit_minor, version, settled_minor)
     WHERE account.customer_id = changed.customer_id
), saved_receivable AS (
    UPDATE receivable
       SET paid_minor = changed.paid_minor, version = changed.version
      FROM unnest(:bill_ids::uuid[], :bill_paid::bigint[], :bill_versions::bigint[])
           AS changed (invoice_id, paid_minor, version)
     WHERE receivable.invoice_id = changed.invoice_id
), saved_payment AS (
    INSERT INTO payment (payment_id, customer_id, operator_id, invoice_id, amount_minor, allocated_minor, credit_minor,
                         refunded_minor, currency, method, paid_on, recorded_at, recorded_by, recorded_by_name,
                         recorded_by_id, source, external_id, reference, note, reversed, reversal_reason, reversed_at, reversed_by, version)
    SELECT saved.payment_id, saved.customer_id, saved.operator_id, saved.invoice_id, saved.amount_minor, saved.allocated_minor,
           saved.credit_minor, saved.refunded_minor, saved.currency, saved.method, saved.paid_on, saved.recorded_at,
           saved.recorded_by, saved.recorded_by_name, saved.recorded_by_id, saved.source, saved.external_id, saved.reference, saved.note, saved.reversed,
           saved.reversal_reason, saved.reversed_at, saved.reversed_by, saved.version
      FROM unnest(:payment_ids::uuid[], :customer_ids::uuid[], :operator_ids::uuid[], :invoice_ids::uuid[],
                  :amounts::bigint[], :allocated::bigint[], :payment_credits::bigint[], :refunded::bigint[], :currencies::text[],
                  :methods::text[], :paid_on::date[], :recorded_at::timestamptz[], :recorded_by::text[],
                  :recorded_by_names::text[], :recorded_by_ids::uuid[],
                  :sources::text[], :external_ids::text[], :payer_references::text[], :notes::text[],
                  :reversed::boolean[], :reversal_reasons::text[], :reversed_at::timestamptz[],
                  :reversed_by::text[], :payment_versions::bigint[])
           AS saved (payment_id, customer_id, operator_id, invoice_id, amount_minor, allocated_minor, credit_minor, refunded_minor,
                     currency, method, paid_on, recorded_at, recorded_by, recorded_by_name, recorded_by_id, source,
                     external_id, reference, note, reversed, reversal_reason, reversed_at, reversed_by, version)
        ON CONFLICT (payment_id) DO UPDATE
       SET allocated_minor = excluded.allocated_minor, credit_minor = excluded.credit_minor,
           refunded_minor = excluded.refunded_minor, reversed = excluded.reversed,
           reversal_reason = excluded.reversal_reason, reversed_at = excluded.reversed_at,
           reversed_by = excluded.reversed_by, version = excluded.version
)
INSERT INTO allocation (payment_id, invoice_id, amount_minor)
SELECT saved.payment_id, saved.invoice_id, saved.amount_minor
  FROM unnest(:allocation_payment_ids::uuid[], :allocation_invoice_ids::uuid[], :allocation_amounts::bigint[])
       AS saved (payment_id, invoice_id, amount_minor)
    ON CONFLICT (payment_id, invoice_id) DO UPDATE
   SET amount_minor = excluded.amount_minor

-- name: save_refund!
INSERT INTO refund (refund_id, customer_id, amount_minor, reason, refunded_by, refunded_at, provider)
VALUES (:refund_id, :customer_id, :amount_minor, :reason, :refunded_by, :refunded_at, :provider)

-- name: refund^
SELECT refund_id, customer_id, amount_minor, reason, refunded_by, refunded_at
  FROM refund
 WHERE refund_id = :refund_id
