-- name: movements_of_customer
-- Everything that changed what a customer owes, up to a day, in the order of a statement: what is billed before what
-- is paid. A reversal or a void is a movement of its own day; what it takes back keeps its place.
SELECT moved.on_day, moved.kind, moved.reference, moved.period, moved.method, moved.reason, moved.reissued,
       moved.billed_minor, moved.paid_minor
  FROM (SELECT issued_on AS on_day, 1 AS place, id, 'bill' AS kind, number AS reference, period, NULL AS method,
               NULL AS reason, false AS reissued, total_minor AS billed_minor, 0 AS paid_minor
          FROM bill WHERE customer_id = :customer_id AND issued_on IS NOT NULL
        UNION ALL
        SELECT greatest((voided_at AT TIME ZONE :zone)::date, issued_on), 2, id, 'void', number, period, NULL,
               void_reason, reissued_as IS NOT NULL, -total_minor, 0
          FROM bill WHERE customer_id = :customer_id AND issued_on IS NOT NULL AND voided
        UNION ALL
        SELECT paid_on, 3, id, 'payment', coalesce(reference, ''), NULL, method, NULL, false, 0, amount_minor
          FROM payment WHERE customer_id = :customer_id
        UNION ALL
        SELECT greatest((reversed_at AT TIME ZONE :zone)::date, paid_on), 4, id, 'reversal', coalesce(reference, ''),
               NULL, method, reversal_reason, false, 0, -amount_minor
          FROM payment WHERE customer_id = :customer_id AND reversed
        UNION ALL
        SELECT (refunded_at AT TIME ZONE :zone)::date, 5, id, 'refund', '', NULL, NULL, reason, false, 0, -amount_minor
          FROM refund WHERE customer_id = :customer_id) AS moved
 WHERE moved.on_day <= :to_date
 ORDER BY moved.on_day, moved.place, moved.id

-- name: open_bills_of_customer
SELECT number, period, due_on, balance_minor
  FROM bill
 WHERE customer_id = :customer_id AND issued_on IS NOT NULL AND balance_minor > 0
 ORDER BY due_on, period, number

-- name: settled_by_payment
SELECT bill.number, bill.period, part.amount_minor AS settled_minor, bill.balance_minor AS open_minor
  FROM payment_allocation AS part
  JOIN bill ON bill.id = part.bill_id AND bill.issued_on IS NOT NULL
 WHERE part.payment_id = :payment_id AND part.amount_minor > 0
 ORDER BY bill.due_on, bill.period, bill.number
