-- name: operators_in_reach
SELECT id, code, name, parent_id, path
  FROM operator
 WHERE (:reach::uuid[] IS NULL OR id = ANY (:reach::uuid[]))
 ORDER BY name
 LIMIT :limit

-- name: packages_on_sale
SELECT id, name, price_minor, operator_id
  FROM package
 WHERE (:sellers::uuid[] IS NULL OR operator_id IS NULL OR operator_id = ANY (:sellers::uuid[]))
 ORDER BY name, id
 LIMIT :limit

-- name: latest_period$
-- The month of the youngest bill, from the summary: where the desk opens.
SELECT period
  FROM bill_total
 WHERE operator_id = :operator_id AND package_id = '00000000-0000-0000-0000-000000000000'
 ORDER BY issued_on DESC
 LIMIT 1

-- name: last_payments
-- What settled each bill last, for the note in its row.
SELECT DISTINCT ON (part.bill_id) part.bill_id, payment.method, payment.paid_on
  FROM payment_allocation AS part
  JOIN payment ON payment.id = part.payment_id
 WHERE part.bill_id = ANY (:bill_ids::uuid[]) AND part.amount_minor > 0
 ORDER BY part.bill_id, payment.recorded_at DESC, payment.id DESC

-- name: bill_numbers
SELECT id, number FROM bill WHERE id = ANY (:bill_ids::uuid[]) AND issued_on IS NOT NULL

-- name: parent_names
SELECT operator.id, above.name
  FROM operator
  JOIN operator AS above ON above.id = operator.parent_id
 WHERE operator.id = ANY (:ids::uuid[])
