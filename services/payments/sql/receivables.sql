-- name: known_receivables
-- Rows from before a bill's period was known learn it when they are said again.
SELECT invoice_id, invoice_version, period IS NULL AS lacks_period
  FROM receivable
 WHERE invoice_id = ANY(:invoice_ids::uuid[])

-- name: upsert_receivables!
-- The newest state wins; saying the same version again changes nothing. In order, so that two batches with
-- the same bills wait for each other in one direction only.
INSERT INTO receivable (invoice_id, customer_id, operator_id, number, currency, total_minor, period, issued_on,
                        due_on, voided, invoice_version)
SELECT heard.invoice_id, heard.customer_id, heard.operator_id, heard.number, heard.currency, heard.total_minor,
       heard.period, heard.issued_on, heard.due_on, heard.voided, heard.invoice_version
  FROM unnest(:invoice_ids::uuid[], :customer_ids::uuid[], :operator_ids::uuid[], :numbers::text[],
              :currencies::text[], :totals::bigint[], :periods::text[], :issued::date[], :due::date[],
              :voided::boolean[], :versions::bigint[])
       AS heard (invoice_id, customer_id, operator_id, number, currency, total_minor, period, issued_on, due_on,
                 voided, invoice_version)
 ORDER BY heard.invoice_id
    ON CONFLICT (invoice_id) DO UPDATE
   SET period = excluded.period, voided = receivable.voided OR excluded.voided,
       invoice_version = greatest(receivable.invoice_version, excluded.invoice_version)
 WHERE receivable.invoice_version < excluded.invoice_version OR receivable.period IS NULL

-- name: open_receivables
SELECT invoice_id, customer_id, operator_id, number, currency, total_minor, paid_minor, period,
       issued_on, due_on, voided, version
  FROM receivable
 WHERE customer_id = ANY(:customer_ids::uuid[])
   AND paid_minor < total_minor
   AND NOT voided

-- name: all_receivables
SELECT invoice_id, customer_id, operator_id, number, currency, total_minor, paid_minor, period,
       issued_on, due_on, voided, version
  FROM receivable
 WHERE customer_id = ANY(:customer_ids::uuid[])

-- name: receivables_by_id
SELECT invoice_id, customer_id, operator_id, number, currency, total_minor, paid_minor, period,
       issued_on, due_on, voided, version
  FROM receivable
 WHERE invoice_id = ANY(:invoice_ids::uuid[])
