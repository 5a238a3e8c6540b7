-- name: known_receivables
-- Rows from before a bill's period was known learn it when they are said again.
SELECT invoice_id, invoice_version, period IS NULL AS lacks_period
  FROM receivable
 WHERE invoice_id = ANY(:invoice_ids::uuid[])

-- name: insert_receivables!
-- Bills of a run, which nobody knew: half of what looking for each costs. One that is known after all fails the
-- statement, and its batch is taken in as news. In order, as below.
INSERT INTO receivable (invoice_id, customer_id, operator_id, number, currency, total_minor, period, issued_on,
                        due_on, voided, invoice_version)
SELECT heard.invoice_id::uuid AS invoice_id, heard.customer_id::uuid, terms.operator_id, heard.number,
       terms.currency, terms.total_minor, terms.period, terms.issued_on, terms.due_on, FALSE, terms.version
  FROM unnest(string_to_array(:invoice_ids, :separator), string_to_array(:customer_ids, :separator),
              string_to_array(:numbers, :separator), string_to_array(:places, :separator))
       AS heard (invoice_id, customer_id, number, place)
  JOIN unnest(:operator_ids::uuid[], :currencies::text[], :totals::bigint[], :periods::text[], :issued::date[],
              :due::date[], :versions::bigint[]) WITH ORDINALITY
       AS terms (operator_id, currency, total_minor, period, issued_on, due_on, version, place)
    ON terms.place = heard.place::bigint + 1
 ORDER BY 1

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
