-- name: invoice_of_scope^
-- An invoice with the path of the operator that issued it.
SELECT invoice.id, invoice.customer_id, invoice.period, operator.path
  FROM invoice
  JOIN operator ON operator.id = invoice.operator_id
 WHERE invoice.id = :invoice_id AND invoice.customer_id = :customer_id

-- name: lock_invoice^
SELECT id, number, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
       operator_id, operator_name, package_id, package_name, customer_id, customer_code, customer_name,
       customer_mobile, run_id, reissue_of, issued_at, version, voided_at, void_reason, voided_by, reissued_as
  FROM invoice
 WHERE id = :id
   FOR NO KEY UPDATE

-- name: money_on^
SELECT paid_minor, receivable_version
  FROM invoice_money
 WHERE invoice_id = :invoice_id

-- name: learn_money!
-- Only ever newer: payments may say a receivable again, or in the wrong order after a rebuild.
INSERT INTO invoice_money AS known (invoice_id, paid_minor, receivable_version)
SELECT said.invoice_id, said.paid_minor, said.version
  FROM unnest(:invoice_ids::uuid[], :paid::bigint[], :versions::bigint[]) AS said (invoice_id, paid_minor, version)
 ORDER BY said.invoice_id
    ON CONFLICT ON CONSTRAINT invoice_money_pk DO UPDATE
   SET paid_minor = excluded.paid_minor, receivable_version = excluded.receivable_version
 WHERE known.receivable_version < excluded.receivable_version

-- name: void_invoice^
UPDATE invoice
   SET voided_at = coalesce(voided_at, :voided_at), void_reason = coalesce(void_reason, :void_reason),
       voided_by = coalesce(voided_by, :voided_by), reissued_as = :reissued_as, version = version + 1
 WHERE id = :id
RETURNING id, number, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
          operator_id, operator_name, package_id, package_name, customer_id, customer_code, customer_name,
          customer_mobile, run_id, reissue_of, issued_at, version, voided_at, void_reason, voided_by, reissued_as

-- name: reissue_terms^
-- What the customer would be billed today.
SELECT customer.operator_id, operator.code AS operator_code, operator.name AS operator_name, package.id AS package_id,
       package.name AS package_name, package.price_minor, package.vat_basis_points, customer.code, customer.name,
       customer.mobile
  FROM customer
  JOIN operator ON operator.id = customer.operator_id
  JOIN package ON package.id = customer.package_id
 WHERE customer.id = :customer_id

-- name: issue_invoice^
INSERT INTO invoice (id, operator_id, customer_id, package_id, run_id, sequence, net_minor, vat_minor,
                     total_minor, issued_at, issued_on, due_on, vat_basis_points, period, currency, number,
                     operator_name, package_name, customer_code, customer_name, customer_mobile, reissue_of)
VALUES (:id, :operator_id, :customer_id, :package_id, NULL, :sequence, :net_minor, :vat_minor, :total_minor,
        :issued_at, :issued_on, :due_on, :vat_basis_points, :period, :currency, :number, :operator_name,
        :package_name, :customer_code, :customer_name, :customer_mobile, :reissue_of)
RETURNING id, number, period, issued_on, due_on, currency, net_minor, vat_basis_points, vat_minor, total_minor,
          operator_id, operator_name, package_id, package_name, customer_id, customer_code, customer_name,
          customer_mobile, run_id, reissue_of, issued_at, version, voided_at, void_reason, voided_by, reissued_as

-- name: park_void!
INSERT INTO pending_void (command_id, envelope, command, invoice_id, seen, decide_at)
VALUES (:command_id, :envelope::jsonb, :command::jsonb, :invoice_id, :seen, :decide_at)
    ON CONFLICT DO NOTHING

-- name: ripe_voids
SELECT pending_void.command_id, pending_void.envelope, pending_void.command
  FROM pending_void
  LEFT JOIN invoice_money ON invoice_money.invoice_id = pending_void.invoice_id
 WHERE pending_void.decide_at <= :now OR invoice_money.receivable_version >= pending_void.seen
 ORDER BY pending_void.command_id
   FOR UPDATE OF pending_void SKIP LOCKED

-- name: forget_void!
DELETE FROM pending_void
 WHERE command_id = :command_id
