-- name: an_invoice_is_owed
-- What invoicing issued is what payments asks for.
SELECT 'payments.receivable' AS relation, coalesce(invoice.id, receivable.invoice_id)::text AS id,
       coalesce('version ' || invoice.version || ' total ' || invoice.total_minor || ' '
         || CASE WHEN invoice.voided_at IS NULL THEN 'live' ELSE 'void' END, 'no receivable') AS expected,
       coalesce('version ' || receivable.invoice_version || ' total ' || receivable.total_minor || ' '
         || CASE WHEN receivable.voided THEN 'void' ELSE 'live' END, 'none') AS found
  FROM invoicing.invoice
  FULL JOIN payments.receivable ON receivable.invoice_id = invoice.id
 WHERE (invoice.version, invoice.total_minor, invoice.voided_at IS NOT NULL, invoice.customer_id, invoice.number)
       IS DISTINCT FROM (receivable.invoice_version, receivable.total_minor, receivable.voided,
                         receivable.customer_id, receivable.number)

-- name: an_invoice_shows_as_a_bill
SELECT 'gateway.bill' AS relation, coalesce(invoice.id, bill.id)::text AS id,
       coalesce('version ' || invoice.version || ' total ' || invoice.total_minor || ' number ' || invoice.number
         || CASE WHEN invoice.voided_at IS NULL THEN ' live' ELSE ' void' END, 'no bill') AS expected,
       coalesce('version ' || bill.invoice_version || ' total ' || bill.total_minor || ' number '
         || coalesce(bill.number, 'unknown') || CASE WHEN bill.voided THEN ' void' ELSE ' live' END, 'none') AS found
  FROM invoicing.invoice
  FULL JOIN gateway.bill ON bill.id = invoice.id
 WHERE (invoice.version, invoice.total_minor, invoice.net_minor, invoice.vat_minor, invoice.voided_at IS NOT NULL,
        invoice.number, invoice.period, invoice.customer_id, invoice.operator_id, invoice.package_id,
        invoice.run_id, invoice.reissued_as)
       IS DISTINCT FROM
       (bill.invoice_version, bill.total_minor, bill.net_minor, bill.vat_minor, bill.voided, bill.number,
        bill.period, bill.customer_id, bill.operator_id, bill.package_id, bill.run_id, bill.reissued_as)

-- name: a_bill_shows_what_is_owed
WITH owed AS (
  SELECT invoice_id, version, paid_minor,
         CASE WHEN voided THEN 0 ELSE total_minor - paid_minor END AS balance_minor,
         CASE WHEN voided THEN 'void' WHEN paid_minor = 0 THEN 'unpaid'
              WHEN paid_minor < total_minor THEN 'partial' ELSE 'paid' END AS status
    FROM payments.receivable
)
SELECT 'gateway.bill' AS relation, coalesce(owed.invoice_id, bill.id)::text AS id,
       coalesce(owed.status || ' paid ' || owed.paid_minor || ' balance ' || owed.balance_minor || ' version '
         || owed.version, 'no bill') AS expected,
       coalesce(bill.status || ' paid ' || bill.paid_minor || ' balance ' || bill.balance_minor || ' version '
         || bill.receivable_version, 'none') AS found
  FROM owed
  FULL JOIN gateway.bill ON bill.id = owed.invoice_id
 WHERE (owed.version, owed.paid_minor, owed.balance_minor, owed.status)
       IS DISTINCT FROM (bill.receivable_version, bill.paid_minor, bill.balance_minor, bill.status)

-- name: totals_are_the_sums_of_bills
-- For each operator and everyone above it, for each package and all of them.
WITH grouped AS (
  SELECT operator_id, package_id, issued_on, period, due_on, status, count(*) AS bills,
         CASE WHEN status = 'void' THEN 0 ELSE sum(total_minor) END AS total_minor,
         CASE WHEN status = 'void' THEN 0 ELSE sum(paid_minor) END AS paid_minor,
         CASE WHEN status = 'void' THEN 0 ELSE sum(balance_minor) END AS balance_minor
    FROM gateway.bill
   WHERE issued_on IS NOT NULL
   GROUP BY operator_id, package_id, issued_on, period, due_on, status
), summed AS (
  SELECT above.id AS operator_id, of_package.id AS package_id, issued_on, period, due_on, status,
         sum(bills) AS bills, sum(total_minor) AS total_minor, sum(paid_minor) AS paid_minor,
         sum(balance_minor) AS balance_minor
    FROM grouped
    LEFT JOIN gateway.operator ON operator.id = grouped.operator_id
   CROSS JOIN LATERAL unnest(coalesce(operator.path, ARRAY[grouped.operator_id])) AS above (id)
   CROSS JOIN LATERAL (VALUES (grouped.package_id), ('00000000-0000-0000-0000-000000000000'::uuid))
                   AS of_package (id)
   GROUP BY above.id, of_package.id, issued_on, period, due_on, status
), kept AS (
  SELECT operator_id, package_id, issued_on, period, due_on, status, sum(bills) AS bills,
         sum(total_minor) AS total_minor, sum(paid_minor) AS paid_minor, sum(balance_minor) AS balance_minor
    FROM gateway.bill_total
   GROUP BY operator_id, package_id, issued_on, period, due_on, status
)
SELECT 'gateway.bill_total' AS relation,
       operator_id || '/' || package_id || '/' || issued_on || '/' || period || '/' || due_on || '/' || status AS id,
       coalesce(summed.bills, 0) || ' bills total ' || coalesce(summed.total_minor, 0) || ' paid '
         || coalesce(summed.paid_minor, 0) || ' balance ' || coalesce(summed.balance_minor, 0) AS expected,
       coalesce(kept.bills, 0) || ' bills total ' || coalesce(kept.total_minor, 0) || ' paid '
         || coalesce(kept.paid_minor, 0) || ' balance ' || coalesce(kept.balance_minor, 0) AS found
  FROM summed
  FULL JOIN kept USING (operator_id, package_id, issued_on, period, due_on, status)
 WHERE (coalesce(summed.bills, 0), coalesce(summed.total_minor, 0), coalesce(summed.paid_minor, 0),
        coalesce(summed.balance_minor, 0))
       <> (coalesce(kept.bills, 0), coalesce(kept.total_minor, 0), coalesce(kept.paid_minor, 0),
           coalesce(kept.balance_minor, 0))

-- name: a_payment_shows
SELECT 'gateway.payment' AS relation, coalesce(payment.payment_id, shown.id)::text AS id,
       coalesce('version ' || payment.version || ' amount ' || payment.amount_minor || ' allocated '
         || payment.allocated_minor || ' credit ' || payment.credit_minor
         || CASE WHEN payment.reversed THEN ' reversed' ELSE '' END, 'no payment') AS expected,
       coalesce('version ' || shown.version || ' amount ' || shown.amount_minor || ' allocated '
         || shown.allocated_minor || ' credit ' || shown.credit_minor
         || CASE WHEN shown.reversed THEN ' reversed' ELSE '' END, 'none') AS found
  FROM payments.payment
  FULL JOIN gateway.payment AS shown ON shown.id = payment.payment_id
 WHERE (payment.version, payment.amount_minor, payment.allocated_minor, payment.credit_minor, payment.reversed,
        payment.customer_id, payment.invoice_id)
       IS DISTINCT FROM (shown.version, shown.amount_minor, shown.allocated_minor, shown.credit_minor,
                         shown.reversed, shown.customer_id, shown.bill_id)

-- name: an_allocation_shows
SELECT 'gateway.payment_allocation' AS relation,
       coalesce(allocation.payment_id, shown.payment_id) || '/' || coalesce(allocation.invoice_id, shown.bill_id)
         AS id,
       coalesce(allocation.amount_minor, 0)::text AS expected,
       coalesce(shown.amount_minor, 0)::text AS found
  FROM payments.allocation
  FULL JOIN gateway.payment_allocation AS shown
    ON shown.payment_id = allocation.payment_id AND shown.bill_id = allocation.invoice_id
 WHERE coalesce(allocation.amount_minor, 0) <> coalesce(shown.amount_minor, 0)

-- name: credit_shows
-- An account under whose lock nothing has happened yet has version 0, and nothing was said of it.
SELECT 'gateway.customer_account' AS relation, coalesce(account.customer_id, shown.customer_id)::text AS id,
       'version ' || coalesce(account.version, 0) || ' credit ' || coalesce(account.credit_minor, 0) AS expected,
       'version ' || coalesce(shown.version, 0) || ' credit ' || coalesce(shown.credit_minor, 0) AS found
  FROM payments.account
  FULL JOIN gateway.customer_account AS shown ON shown.customer_id = account.customer_id
 WHERE (coalesce(account.version, 0), coalesce(account.credit_minor, 0))
       <> (coalesce(shown.version, 0), coalesce(shown.credit_minor, 0))

-- name: held_money_shows
SELECT 'gateway.held_payment' AS relation, coalesce(held.held_id, shown.id)::text AS id,
       coalesce('version ' || held.version || ' ' || held.state || ' ' || held.amount_minor, 'none') AS expected,
       coalesce('version ' || shown.version || ' ' || shown.state || ' ' || shown.amount_minor, 'none') AS found
  FROM payments.held_payment AS held
  FULL JOIN gateway.held_payment AS shown ON shown.id = held.held_id
 WHERE (held.version, held.state, held.amount_minor) IS DISTINCT FROM (shown.version, shown.state, shown.amount_minor)

-- name: a_refund_shows
-- One through a gateway shows once its provider has paid back.
WITH refund AS (
  SELECT refund_id, customer_id, amount_minor
    FROM payments.refund
   WHERE NOT failed AND (provider IS NULL OR external_id IS NOT NULL)
)
SELECT 'gateway.refund' AS relation, coalesce(refund.refund_id, shown.id)::text AS id,
       coalesce(refund.amount_minor::text, 'none') AS expected, coalesce(shown.amount_minor::text, 'none') AS found
  FROM refund
  FULL JOIN gateway.refund AS shown ON shown.id = refund.refund_id
 WHERE (refund.amount_minor, refund.customer_id) IS DISTINCT FROM (shown.amount_minor, shown.customer_id)

-- name: a_run_shows
SELECT 'gateway.run' AS relation, coalesce(run.id, shown.id)::text AS id,
       coalesce(run.state || ' expected ' || run.expected || ' created ' || run.created || ' already billed '
         || run.already_billed || ' skipped ' || run.skipped::text || ' failed ' || run.failed, 'no run') AS expected,
       coalesce(shown.state || ' expected ' || shown.expected || ' created ' || shown.created || ' already billed '
         || shown.already_billed || ' skipped ' || shown.skipped::text || ' failed ' || shown.failed, 'none') AS found
  FROM invoicing.run
  FULL JOIN gateway.run AS shown ON shown.id = run.id
 WHERE coalesce(run.state, 'completed') = 'completed'
   AND (run.state, run.expected, run.created, run.already_billed, run.skipped, run.failed, run.total_minor)
       IS DISTINCT FROM (shown.state, shown.expected, shown.created, shown.already_billed, shown.skipped,
                         shown.failed, shown.total_minor)

-- name: a_run_names_everyone_it_did_not_bill
WITH named AS (
  SELECT run_id, count(*) AS customers
    FROM gateway.run_entry
   WHERE outcome <> 'created'
   GROUP BY run_id
)
SELECT 'gateway.run_entry' AS relation, run.id::text AS id,
       (run.expected - run.created) || ' customers named' AS expected,
       coalesce(named.customers, 0) || ' named' AS found
  FROM invoicing.run
  LEFT JOIN named ON named.run_id = run.id
 WHERE run.state = 'completed'
   AND run.expected - run.created <> coalesce(named.customers, 0)

-- name: a_closed_day_shows
SELECT 'gateway.day_closing' AS relation, coalesce(closing.closing_id, shown.id)::text AS id,
       coalesce(closing.day || ' expected ' || closing.expected_minor || ' counted ' || closing.counted_minor, 'none')
         AS expected,
       coalesce(shown.day || ' expected ' || shown.expected_minor || ' counted ' || shown.counted_minor, 'none') AS found
  FROM payments.day_closing AS closing
  FULL JOIN gateway.day_closing AS shown ON shown.id = closing.closing_id
 WHERE (closing.operator_id, closing.collector, closing.day, closing.collected_minor, closing.expected_minor,
        closing.counted_minor, closing.note, closing.closed_by, closing.closed_at)
       IS DISTINCT FROM
       (shown.operator_id, shown.collector, shown.day, shown.collected_minor, shown.expected_minor,
        shown.counted_minor, shown.note, shown.closed_by, shown.closed_at)
