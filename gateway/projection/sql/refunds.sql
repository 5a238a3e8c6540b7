-- name: note_refunds!
-- Said once: the reason of one that comes after its customer was erased is not kept.
INSERT INTO refund (id, customer_id, amount_minor, reason, refunded_by, refunded_at)
SELECT id, customer_id, amount_minor,
       CASE WHEN customer_id IN (SELECT erased_customer.customer_id FROM erased_customer) THEN :words::text
            ELSE reason END, refunded_by, refunded_at
  FROM unnest(:ids::uuid[], :customer_ids::uuid[], :amounts::bigint[], :reasons::text[], :refunded_bys::text[],
              :refunded_ats::timestamptz[]) AS t (id, customer_id, amount_minor, reason, refunded_by, refunded_at)
ON CONFLICT (id) DO NOTHING

-- name: note_refunds_on_their_way!
INSERT INTO provider_refund (id, payment_id, customer_id, amount_minor, provider, reason, asked_by, asked_at)
SELECT id, payment_id, customer_id, amount_minor, provider,
       CASE WHEN customer_id IN (SELECT erased_customer.customer_id FROM erased_customer) THEN :words::text
            ELSE reason END, asked_by, asked_at
  FROM unnest(:ids::uuid[], :payment_ids::uuid[], :customer_ids::uuid[], :amounts::bigint[], :providers::text[],
              :reasons::text[], :asked_bys::text[], :asked_ats::timestamptz[])
    AS t (id, payment_id, customer_id, amount_minor, provider, reason, asked_by, asked_at)
ON CONFLICT (id) DO NOTHING

-- name: end_refunds_on_their_way!
UPDATE provider_refund
   SET state = t.state, external_id = t.external_id,
       detail = CASE WHEN provider_refund.customer_id
                          NOT IN (SELECT erased_customer.customer_id FROM erased_customer) THEN t.detail END
  FROM unnest(:ids::uuid[], :states::text[], :external_ids::text[], :details::text[])
    AS t (id, state, external_id, detail)
 WHERE provider_refund.id = t.id AND provider_refund.state = 'started'

-- name: erase_from_refunds!
UPDATE refund
   SET reason = :words
 WHERE customer_id = ANY (:customer_ids::uuid[]) AND reason <> :words

-- name: erase_from_refunds_on_their_way!
UPDATE provider_refund
   SET reason = :words, detail = NULL
 WHERE customer_id = ANY (:customer_ids::uuid[])
