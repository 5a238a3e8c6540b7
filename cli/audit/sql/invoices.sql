-- name: one_live_invoice_a_customer_and_period
WITH twice AS (
  SELECT customer_id, period, count(*) AS invoices
    FROM invoicing.invoice
   WHERE voided_at IS NULL
   GROUP BY customer_id, period
  HAVING count(*) > 1
)
SELECT 'invoicing.invoice' AS relation, invoice.id::text AS id,
       'one live invoice of customer ' || twice.customer_id || ' in ' || twice.period AS expected,
       twice.invoices || ' live' AS found
  FROM twice
  JOIN invoicing.invoice ON invoice.customer_id = twice.customer_id AND invoice.period = twice.period
 WHERE invoice.voided_at IS NULL

-- name: invoice_numbers_have_no_gaps
-- Counter, count and last number say the same: then nothing is missing between the first and the last.
WITH used AS (
  SELECT operator_id, count(*) AS invoices, min(sequence) AS first, max(sequence) AS last
    FROM invoicing.invoice
   GROUP BY operator_id
)
SELECT 'invoicing.operator' AS relation, coalesce(counter.operator_id, used.operator_id)::text AS id,
       'numbers 1 to ' || (coalesce(counter.next_number, 1) - 1) AS expected,
       coalesce(used.invoices, 0) || ' invoices from ' || coalesce(used.first, 0) || ' to '
         || coalesce(used.last, 0) AS found
  FROM invoicing.operator_counter AS counter
  FULL JOIN used ON used.operator_id = counter.operator_id
 WHERE (coalesce(used.invoices, 0), coalesce(used.last, 0), coalesce(used.first, 1))
       IS DISTINCT FROM (coalesce(counter.next_number, 1) - 1, coalesce(counter.next_number, 1) - 1, 1)

-- name: an_invoice_number_is_its_operators_code_and_sequence
SELECT 'invoicing.invoice' AS relation, invoice.id::text AS id,
       operator.code || '-' || lpad(invoice.sequence::text, greatest(6, length(invoice.sequence::text)), '0')
         AS expected,
       invoice.number AS found
  FROM invoicing.invoice
  JOIN invoicing.operator ON operator.id = invoice.operator_id
 WHERE invoice.number <> operator.code || '-'
         || lpad(invoice.sequence::text, greatest(6, length(invoice.sequence::text)), '0')

-- name: a_run_counts_every_customer_once
SELECT 'invoicing.run' AS relation, run.id::text AS id,
       run.expected || ' expected' AS expected,
       run.created || ' created and ' || run.already_billed || ' already billed and ' || skipped.customers
         || ' skipped and ' || run.failed || ' failed' AS found
  FROM invoicing.run
 CROSS JOIN LATERAL (SELECT coalesce(sum(each.value::bigint), 0) AS customers
                       FROM jsonb_each_text(run.skipped) AS each) AS skipped
 WHERE run.state = 'completed'
   AND run.expected <> run.created + run.already_billed + skipped.customers + run.failed

-- name: a_run_created_the_invoices_that_name_it
-- A run that is only tried creates none, whatever it counts. While a run is on, a chunk is counted in the
-- transaction that issues it.
WITH issued AS (
  SELECT run_id, count(*) AS invoices, sum(total_minor) AS total_minor
    FROM invoicing.invoice
   WHERE run_id IS NOT NULL
   GROUP BY run_id
)
SELECT 'invoicing.run' AS relation, coalesce(run.id, issued.run_id)::text AS id,
       coalesce(CASE WHEN run.dry_run THEN '0 invoices of 0'
                     ELSE run.created || ' invoices of ' || run.total_minor END, 'a run') AS expected,
       coalesce(issued.invoices, 0) || ' invoices of ' || coalesce(issued.total_minor, 0) AS found
  FROM invoicing.run
  FULL JOIN issued ON issued.run_id = run.id
 WHERE (coalesce(issued.invoices, 0), coalesce(issued.total_minor, 0)) IS DISTINCT FROM
       (CASE WHEN run.dry_run THEN 0 ELSE run.created END, CASE WHEN run.dry_run THEN 0 ELSE run.total_minor END)

-- name: a_run_ends_when_its_last_chunk_does
WITH open AS (
  SELECT run_id, count(*) AS chunks
    FROM invoicing.run_chunk
   WHERE NOT done
   GROUP BY run_id
)
SELECT 'invoicing.run' AS relation, run.id::text AS id,
       run.state || ' with ' || run.chunks_open || ' chunks open' AS expected,
       coalesce(open.chunks, 0) || ' chunks open' AS found
  FROM invoicing.run
  LEFT JOIN open ON open.run_id = run.id
 WHERE run.chunks_open <> coalesce(open.chunks, 0)
    OR (run.state = 'completed' AND coalesce(open.chunks, 0) > 0)
    OR (run.state = 'running' AND coalesce(open.chunks, 0) = 0)

-- name: every_customer_of_a_run_has_an_outcome
-- A chunk names the customers of its plan: each has an invoice of this run, or is among those whom the run
-- said that it did not bill. Whom a dry run would have billed leaves no row.
WITH outcome AS (
  SELECT said.run_id, (entry.value->>'customer_id')::uuid AS customer_id
    FROM invoicing.run_said AS said
   CROSS JOIN LATERAL json_array_elements((said.payload::json)->'entries') AS entry
   UNION ALL
  SELECT invoice.run_id, invoice.customer_id
    FROM invoicing.invoice
   WHERE invoice.run_id IS NOT NULL
)
SELECT 'invoicing.run_chunk' AS relation, frozen.customer_id::text AS id,
       'an outcome in run ' || run.id AS expected, 'none' AS found
  FROM invoicing.run
  JOIN invoicing.run_chunk AS chunk ON chunk.run_id = run.id AND chunk.done
 CROSS JOIN LATERAL unnest(chunk.customer_ids) AS frozen (customer_id)
  LEFT JOIN outcome ON outcome.run_id = run.id AND outcome.customer_id = frozen.customer_id
 WHERE NOT run.dry_run AND outcome.customer_id IS NULL
