-- name: a_payment_is_allocated_only_once
-- Its allocations add up to what it says is allocated, and never to more than came in.
WITH settled AS (
  SELECT payment_id, sum(amount_minor) AS amount_minor
    FROM payments.allocation
   GROUP BY payment_id
)
SELECT 'payments.payment' AS relation, coalesce(payment.payment_id, settled.payment_id)::text AS id,
       coalesce(payment.allocated_minor || ' allocated of at most ' || payment.amount_minor, 'a payment') AS expected,
       coalesce(settled.amount_minor, 0) || ' allocated' AS found
  FROM payments.payment
  FULL JOIN settled ON settled.payment_id = payment.payment_id
 WHERE payment.allocated_minor IS DISTINCT FROM coalesce(settled.amount_minor, 0)
    OR settled.amount_minor > payment.amount_minor

-- name: an_invoice_is_paid_by_its_allocations
-- And never by more than its total.
WITH settled AS (
  SELECT invoice_id, sum(amount_minor) AS amount_minor
    FROM payments.allocation
   GROUP BY invoice_id
)
SELECT 'payments.receivable' AS relation, coalesce(receivable.invoice_id, settled.invoice_id)::text AS id,
       coalesce(receivable.paid_minor || ' paid of at most ' || receivable.total_minor, 'a receivable') AS expected,
       coalesce(settled.amount_minor, 0) || ' allocated' AS found
  FROM payments.receivable
  FULL JOIN settled ON settled.invoice_id = receivable.invoice_id
 WHERE receivable.paid_minor IS DISTINCT FROM coalesce(settled.amount_minor, 0)
    OR settled.amount_minor > receivable.total_minor

-- name: money_settles_only_its_own_customers_invoices
SELECT 'payments.allocation' AS relation, allocation.payment_id || '/' || allocation.invoice_id AS id,
       'customer ' || payment.customer_id AS expected, 'customer ' || receivable.customer_id AS found
  FROM payments.allocation
  JOIN payments.payment ON payment.payment_id = allocation.payment_id
  JOIN payments.receivable ON receivable.invoice_id = allocation.invoice_id
 WHERE payment.customer_id <> receivable.customer_id

-- name: a_void_invoice_holds_no_money
SELECT 'payments.receivable' AS relation, receivable.invoice_id::text AS id,
       '0 on a void invoice' AS expected,
       receivable.paid_minor || ' paid and ' || coalesce(sum(allocation.amount_minor), 0) || ' allocated' AS found
  FROM payments.receivable
  LEFT JOIN payments.allocation ON allocation.invoice_id = receivable.invoice_id
 WHERE receivable.voided
 GROUP BY receivable.invoice_id, receivable.paid_minor
HAVING receivable.paid_minor <> 0 OR coalesce(sum(allocation.amount_minor), 0) <> 0

-- name: a_payment_is_the_sum_of_its_parts
SELECT 'payments.payment' AS relation, payment_id::text AS id,
       CASE WHEN reversed THEN 'nothing left of a reversed payment' ELSE amount_minor::text END AS expected,
       allocated_minor || ' allocated and ' || credit_minor || ' credit and ' || refunded_minor || ' refunded'
         AS found
  FROM payments.payment
 WHERE CASE WHEN reversed THEN allocated_minor + credit_minor <> 0 OR refunded_minor > amount_minor
            ELSE allocated_minor + credit_minor + refunded_minor <> amount_minor END
    OR least(allocated_minor, credit_minor, refunded_minor) < 0

-- name: credit_is_received_less_allocated_reversed_and_refunded
-- What had been refunded of a reversed payment, and nobody else could bear, stays with it.
WITH received AS (
  SELECT customer_id, sum(amount_minor) AS amount_minor,
         coalesce(sum(amount_minor - refunded_minor) FILTER (WHERE reversed), 0) AS reversed_minor
    FROM payments.payment
   GROUP BY customer_id
), settled AS (
  SELECT payment.customer_id, sum(allocation.amount_minor) AS amount_minor
    FROM payments.allocation
    JOIN payments.payment ON payment.payment_id = allocation.payment_id
   GROUP BY payment.customer_id
), refunded AS (
  SELECT customer_id, sum(amount_minor) AS amount_minor
    FROM payments.refund
   WHERE NOT failed
   GROUP BY customer_id
)
SELECT 'payments.account' AS relation, coalesce(account.customer_id, received.customer_id)::text AS id,
       coalesce(received.amount_minor, 0) || ' received less ' || coalesce(settled.amount_minor, 0)
         || ' allocated and ' || coalesce(received.reversed_minor, 0) || ' reversed and '
         || coalesce(refunded.amount_minor, 0) || ' refunded' AS expected,
       coalesce(account.credit_minor || ' credit', 'no account') AS found
  FROM payments.account
  FULL JOIN received ON received.customer_id = account.customer_id
  LEFT JOIN settled ON settled.customer_id = coalesce(account.customer_id, received.customer_id)
  LEFT JOIN refunded ON refunded.customer_id = coalesce(account.customer_id, received.customer_id)
 WHERE account.credit_minor IS DISTINCT FROM
       coalesce(received.amount_minor, 0) - coalesce(settled.amount_minor, 0)
         - coalesce(received.reversed_minor, 0) - coalesce(refunded.amount_minor, 0)

-- name: credit_is_what_payments_have_left
WITH parts AS (
  SELECT customer_id, sum(credit_minor) AS credit_minor
    FROM payments.payment
   GROUP BY customer_id
)
SELECT 'payments.account' AS relation, coalesce(account.customer_id, parts.customer_id)::text AS id,
       coalesce(parts.credit_minor, 0) || ' left of payments' AS expected,
       coalesce(account.credit_minor || ' credit', 'no account') AS found
  FROM payments.account
  FULL JOIN parts ON parts.customer_id = account.customer_id
 WHERE account.credit_minor IS DISTINCT FROM coalesce(parts.credit_minor, 0)

-- name: credit_settles_what_is_owed
SELECT 'payments.account' AS relation, account.customer_id::text AS id,
       'no credit while an invoice is owed' AS expected,
       account.credit_minor || ' credit and ' || sum(receivable.total_minor - receivable.paid_minor) || ' owed'
         AS found
  FROM payments.account
  JOIN payments.receivable ON receivable.customer_id = account.customer_id
 WHERE account.credit_minor > 0 AND NOT receivable.voided AND receivable.paid_minor < receivable.total_minor
 GROUP BY account.customer_id, account.credit_minor

-- name: a_refund_comes_out_of_payments
WITH paid_back AS (
  SELECT customer_id, sum(amount_minor) AS amount_minor
    FROM payments.refund
   WHERE NOT failed
   GROUP BY customer_id
), parts AS (
  SELECT customer_id, sum(refunded_minor) AS amount_minor
    FROM payments.payment
   GROUP BY customer_id
)
SELECT 'payments.refund' AS relation, coalesce(paid_back.customer_id, parts.customer_id)::text AS id,
       coalesce(paid_back.amount_minor, 0) || ' refunded' AS expected,
       coalesce(parts.amount_minor, 0) || ' of payments' AS found
  FROM paid_back
  FULL JOIN parts ON parts.customer_id = paid_back.customer_id
 WHERE coalesce(paid_back.amount_minor, 0) <> coalesce(parts.amount_minor, 0)

-- name: a_partner_event_is_one_payment_or_held
WITH recorded AS (
  SELECT source, external_id, count(*) AS payments, sum(amount_minor) AS amount_minor
    FROM payments.payment
   WHERE external_id IS NOT NULL
   GROUP BY source, external_id
), waiting AS (
  SELECT source, payment_id, count(*) AS held, sum(amount_minor) AS amount_minor
    FROM payments.held_payment
   WHERE state <> 'placed'
   GROUP BY source, payment_id
)
SELECT 'payments.partner_event' AS relation, event.partner_name || '/' || event.payment_id AS id,
       'one of ' || event.amount_minor AS expected,
       coalesce(recorded.payments, 0) || ' payments and ' || coalesce(waiting.held, 0) || ' held of '
         || coalesce(recorded.amount_minor, 0) + coalesce(waiting.amount_minor, 0) AS found
  FROM payments.partner_event AS event
  LEFT JOIN recorded ON recorded.source = 'partner:' || event.partner_name AND recorded.external_id = event.payment_id
  LEFT JOIN waiting ON waiting.source = 'partner:' || event.partner_name AND waiting.payment_id = event.payment_id
 WHERE coalesce(recorded.payments, 0) + coalesce(waiting.held, 0) <> 1
    OR coalesce(recorded.amount_minor, 0) + coalesce(waiting.amount_minor, 0) <> event.amount_minor

-- name: held_money_is_placed_once_or_waits
SELECT 'payments.held_payment' AS relation, held.held_id::text AS id,
       held.state || ' with ' || held.amount_minor || CASE WHEN held.state = 'placed' THEN ' as payment '
         || coalesce(held.our_payment_id::text, 'unknown') ELSE ' and no payment' END AS expected,
       coalesce('payment ' || payment.payment_id || ' of ' || payment.amount_minor, 'no payment') AS found
  FROM payments.held_payment AS held
  LEFT JOIN payments.payment ON payment.source = held.source AND payment.external_id = held.payment_id
 WHERE CASE WHEN held.state = 'placed'
            THEN (payment.payment_id, payment.amount_minor) IS DISTINCT FROM (held.our_payment_id, held.amount_minor)
            ELSE payment.payment_id IS NOT NULL END

-- name: an_account_knows_what_it_settled
-- Not yet counted (NULL) in rows from before it was.
WITH settled AS (
  SELECT customer_id, sum(allocated_minor) AS amount_minor
    FROM payments.payment
   GROUP BY customer_id
)
SELECT 'payments.account' AS relation, account.customer_id::text AS id,
       coalesce(settled.amount_minor, 0) || ' on bills' AS expected, account.settled_minor || ' settled' AS found
  FROM payments.account
  LEFT JOIN settled ON settled.customer_id = account.customer_id
 WHERE account.settled_minor <> coalesce(settled.amount_minor, 0)

-- name: a_customers_money_can_be_counted
SELECT 'payments.account' AS relation, account.customer_id::text AS id,
       'at most 9007199254740991' AS expected,
       account.credit_minor + sum(payment.allocated_minor) || ' on bills and as credit' AS found
  FROM payments.account
  JOIN payments.payment ON payment.customer_id = account.customer_id
 GROUP BY account.customer_id, account.credit_minor
HAVING account.credit_minor + sum(payment.allocated_minor) > 9007199254740991

-- name: held_money_has_no_place_yet
-- It is looked at when what it names arrives, and every few seconds besides. Money that would be more than can
-- be counted rightly waits, and so does that of a partner who is paused.
WITH waiting AS (
  SELECT held_id, operator_id, currency, amount_minor, invoice_id, invoice_number, customer_code
    FROM payments.held_payment
   WHERE state = 'held' AND partner_name IS NOT NULL
     AND NOT EXISTS (
       SELECT 1 FROM payments.partner
        WHERE partner.name = held_payment.partner_name
          AND (partner.paused
               OR partner.resumed_at > current_setting('ispbills.now')::timestamptz - interval '60 seconds'))
     AND received_at < current_setting('ispbills.now')::timestamptz - interval '60 seconds'
), place AS (
  SELECT waiting.held_id, waiting.amount_minor, receivable.customer_id, 'invoice ' || receivable.number AS name
    FROM waiting
    JOIN payments.receivable
      ON receivable.invoice_id = waiting.invoice_id OR receivable.number = waiting.invoice_number
    JOIN payments.operator_known ON operator_known.operator_id = receivable.operator_id
   WHERE waiting.operator_id = ANY (operator_known.path) AND receivable.currency = waiting.currency
   UNION ALL
  SELECT waiting.held_id, min(waiting.amount_minor), min(customer_known.customer_id::text)::uuid,
         'customer ' || min(customer_known.code)
    FROM waiting
    JOIN payments.customer_known ON customer_known.code = waiting.customer_code
    JOIN payments.operator_known ON operator_known.operator_id = customer_known.operator_id
   WHERE waiting.operator_id = ANY (operator_known.path)
     AND waiting.currency = coalesce((SELECT currency FROM payments.installation), waiting.currency)
   GROUP BY waiting.held_id
  HAVING count(*) = 1
)
SELECT 'payments.held_payment' AS relation, place.held_id::text AS id, 'placed' AS expected,
       'held, though ' || place.name || ' is known' AS found
  FROM place
  LEFT JOIN payments.account ON account.customer_id = place.customer_id
 WHERE place.amount_minor + coalesce(account.credit_minor + account.settled_minor, 0) <= 9007199254740991

-- name: a_payment_does_not_wait_for_ever
-- For a bill or customer on its way: settled when it comes, refused after a quarter of an hour.
SELECT 'payments.waiting_command' AS relation, command_id::text AS id, 'decided within 15 minutes' AS expected,
       'waiting since ' || to_char(since, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS found
  FROM payments.waiting_command
 WHERE since < current_setting('ispbills.now')::timestamptz - interval '16 minutes'

-- name: a_providers_payment_is_of_one_checkout
-- Or was held and placed: a charge is never two payments.
SELECT 'payments.payment' AS relation, payment.payment_id::text AS id, 'one checkout or held charge' AS expected,
       count(DISTINCT checkout.checkout_id) || ' checkouts and ' || count(DISTINCT held.held_id) || ' held' AS found
  FROM payments.payment
  LEFT JOIN payments.checkout ON checkout.payment_id = payment.payment_id
  LEFT JOIN payments.held_payment AS held ON held.our_payment_id = payment.payment_id
 WHERE payment.source LIKE 'provider:%'
 GROUP BY payment.payment_id
HAVING count(DISTINCT checkout.checkout_id) + count(DISTINCT held.held_id) <> 1

-- name: a_paid_checkout_is_its_payment
-- What was asked for, under the provider's id of it.
SELECT 'payments.checkout' AS relation, checkout.checkout_id::text AS id,
       checkout.amount_minor || ' as ' || coalesce(checkout.external_id, 'unknown') AS expected,
       coalesce(payment.amount_minor || ' as ' || coalesce(payment.external_id, 'unknown'), 'no payment') AS found
  FROM payments.checkout
  LEFT JOIN payments.payment ON payment.payment_id = checkout.payment_id
 WHERE checkout.state = 'paid'
   AND (payment.source, payment.external_id, payment.amount_minor, payment.customer_id) IS DISTINCT FROM
       ('provider:' || checkout.provider, checkout.external_id, checkout.amount_minor, checkout.customer_id)

-- name: a_held_checkout_has_its_money
SELECT 'payments.checkout' AS relation, checkout.checkout_id::text AS id, 'held money' AS expected,
       'none' AS found
  FROM payments.checkout
  LEFT JOIN payments.held_payment AS held ON held.held_id = checkout.held_id
 WHERE checkout.state = 'held' AND held.held_id IS NULL

-- name: an_open_checkout_is_asked_about
SELECT 'payments.checkout' AS relation, checkout_id::text AS id, 'asked when it is due' AS expected,
       'due since ' || to_char(next_look_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS found
  FROM payments.checkout
 WHERE state IN ('opening', 'open')
   AND next_look_at < current_setting('ispbills.now')::timestamptz - interval '10 minutes'

-- name: a_link_ends_with_its_bill
SELECT 'payments.payment_link' AS relation, payment_link.link_id::text AS id, 'no open link' AS expected,
       CASE WHEN receivable.voided THEN 'the bill is void' ELSE 'the bill is paid' END AS found
  FROM payments.payment_link
  JOIN payments.receivable ON receivable.invoice_id = payment_link.invoice_id
 WHERE payment_link.state = 'active'
   AND (receivable.voided OR receivable.paid_minor = receivable.total_minor)

-- name: a_closed_day_is_the_sum_of_its_lines
SELECT 'payments.day_closing' AS relation, closing_id::text AS id,
       sums.payments || ' payments of ' || sums.amount_minor AS expected,
       day_closing.payments || ' payments of ' || day_closing.collected_minor AS found
  FROM payments.day_closing
 CROSS JOIN LATERAL (
    SELECT coalesce(sum((line ->> 'payments')::bigint), 0) AS payments,
           coalesce(sum((line ->> 'amount_minor')::bigint), 0) AS amount_minor
      FROM jsonb_array_elements(day_closing.lines) AS line) AS sums
 WHERE (sums.payments, sums.amount_minor) <> (day_closing.payments, day_closing.collected_minor)
