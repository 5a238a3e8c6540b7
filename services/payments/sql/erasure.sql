-- name: has_account$
SELECT EXISTS (SELECT FROM account WHERE customer_id = :customer_id)

-- name: erase_from_payments
-- Behind the account's lock. A newer version without the words takes the place of what was said with them.
UPDATE payment
   SET reference = NULL, note = NULL, reversal_reason = CASE WHEN reversal_reason IS NOT NULL THEN :words END,
       version = version + 1
 WHERE customer_id = :customer_id
   AND (reference IS NOT NULL OR note IS NOT NULL OR reversal_reason <> :words)
RETURNING payment_id

-- name: erase_from_held!
-- What was placed with them, and what was rejected by any name of theirs. What is still held waits for a person.
UPDATE held_payment
   SET payer_reference = NULL, rejection_reason = CASE WHEN rejection_reason IS NOT NULL THEN :words END
 WHERE (customer_id = :customer_id
        OR our_payment_id IN (SELECT payment.payment_id FROM payment WHERE payment.customer_id = :customer_id)
        OR (state = 'rejected'
            AND (customer_code = :code
                 OR invoice_id IN (SELECT receivable.invoice_id FROM receivable
                                    WHERE receivable.customer_id = :customer_id)
                 OR invoice_number IN (SELECT receivable.number FROM receivable
                                        WHERE receivable.customer_id = :customer_id))))
   AND (payer_reference IS NOT NULL OR rejection_reason <> :words)

-- name: erase_from_refunds!
UPDATE refund
   SET reason = :words
 WHERE customer_id = :customer_id AND reason <> :words

-- name: erase_from_gateway_refunds!
-- What is still on its way is needed for its end.
UPDATE gateway_refund
   SET reason = :words, detail = NULL, command = '{}', envelope = '{}'
 WHERE customer_id = :customer_id AND state IN ('done', 'failed') AND command <> '{}'

-- name: erase_from_checkouts!
UPDATE checkout
   SET redirect_url = NULL, hint = NULL
 WHERE customer_id = :customer_id AND state NOT IN ('opening', 'open')
   AND (redirect_url IS NOT NULL OR hint IS NOT NULL)

-- name: erase_from_callbacks!
-- What providers said is the payer's name and number too.
UPDATE callback
   SET body = NULL
 WHERE body IS NOT NULL
   AND checkout_id IN (SELECT checkout.checkout_id FROM checkout WHERE checkout.customer_id = :customer_id)

-- name: is_money_under_way$
SELECT EXISTS (SELECT FROM waiting_command WHERE customer_id = :customer_id)
    OR EXISTS (SELECT FROM gateway_refund WHERE customer_id = :customer_id AND state IN ('queued', 'sending'))
    OR EXISTS (SELECT FROM checkout WHERE customer_id = :customer_id AND state IN ('opening', 'open'))
