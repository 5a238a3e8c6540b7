-- name: note_refunds!
INSERT INTO refund (id, customer_id, amount_minor, reason, refunded_by, refunded_at)
SELECT id, customer_id, amount_minor, reason, refunded_by, refunded_at
  FROM unnest(:ids::uuid[], :customer_ids::uuid[], :amounts::bigint[], :reasons::text[], :refunded_bys::text[],
              :refunded_ats::timestamptz[]) AS t (id, customer_id, amount_minor, reason, refunded_by, refunded_at)
ON CONFLICT (id) DO NOTHING
