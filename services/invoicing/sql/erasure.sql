-- name: owes_anything$
-- In two halves, each by the index of its period and customer.
SELECT EXISTS (
  SELECT FROM invoice
    LEFT JOIN invoice_money ON invoice_money.invoice_id = invoice.id
   WHERE invoice.customer_id = :customer_id AND invoice.voided_at IS NULL
     AND invoice.total_minor > coalesce(invoice_money.paid_minor, 0))

-- name: erase_customer^
UPDATE customer
   SET name = :name, mobile = NULL, alternate_mobile = NULL, address = '', erased_at = :now, version = version + 1
 WHERE id = :id
RETURNING id, operator_id, code, name, mobile, alternate_mobile, address, package_id, status, billing_cycle, since,
          version, erased_at

-- name: erase_from_invoices
-- In the order in which voids lock them; the words of a void are a person's.
UPDATE invoice
   SET customer_name = 'Erased customer ' || invoice.customer_code, customer_mobile = NULL,
       void_reason = CASE WHEN invoice.void_reason IS NOT NULL THEN :words END, version = invoice.version + 1
  FROM (SELECT invoice.id
          FROM invoice
         WHERE invoice.customer_id = :customer_id
         ORDER BY invoice.id
           FOR UPDATE) AS theirs
 WHERE invoice.id = theirs.id
RETURNING invoice.id, number, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
          operator_id, operator_name, package_id, package_name, customer_id, customer_code, customer_name,
          customer_mobile, run_id, reissue_of, issued_at, version, voided_at, void_reason, voided_by, reissued_as

-- name: forget_what_imports_changed!
DELETE FROM import_change
 WHERE customer_id = :customer_id
