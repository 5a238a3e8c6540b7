-- name: invoices_to_render
-- Each invoice whole, as it was issued, with where its customer lives now and what it replaces or is replaced by.
SELECT invoice.id, invoice.number, invoice.period, invoice.issued_on, invoice.due_on, invoice.currency,
       invoice.net_minor, invoice.vat_basis_points, invoice.vat_minor, invoice.total_minor, invoice.operator_id,
       invoice.operator_name, invoice.package_id, invoice.package_name, invoice.customer_id, invoice.customer_code,
       invoice.customer_name, invoice.customer_mobile, invoice.run_id, invoice.reissue_of, invoice.issued_at,
       invoice.version, invoice.voided_at, invoice.void_reason, operator.path, customer.address,
       reissued.number AS reissued_number, reissued.issued_on AS reissued_on,
       reissued.total_minor AS reissued_total_minor, replaced.number AS replaces
  FROM invoice
  JOIN operator ON operator.id = invoice.operator_id
  JOIN customer ON customer.id = invoice.customer_id
  LEFT JOIN invoice AS reissued ON reissued.id = invoice.reissued_as
  LEFT JOIN invoice AS replaced ON replaced.id = invoice.reissue_of
 WHERE invoice.id = ANY(:invoice_ids::uuid[])
