-- name: billing_settings^
SELECT time_zone, currency, due_days, billing_from, link_valid_hours, default_vat_basis_points, installed_in, version
  FROM billing_settings

-- name: lock_billing_settings^
SELECT time_zone, currency, due_days, billing_from, link_valid_hours, default_vat_basis_points, installed_in, version
  FROM billing_settings
   FOR NO KEY UPDATE

-- name: add_billing_settings^
INSERT INTO billing_settings (time_zone, currency, due_days, billing_from, link_valid_hours,
                              default_vat_basis_points, installed_in)
VALUES (:time_zone, :currency, :due_days, :billing_from, :link_valid_hours, :default_vat_basis_points, :installed_in)
    ON CONFLICT DO NOTHING
RETURNING time_zone, currency, due_days, billing_from, link_valid_hours, default_vat_basis_points, installed_in, version

-- name: change_billing_settings^
UPDATE billing_settings
   SET time_zone = :time_zone, currency = :currency, due_days = :due_days, billing_from = :billing_from,
       link_valid_hours = :link_valid_hours, default_vat_basis_points = :default_vat_basis_points,
       version = version + 1
RETURNING time_zone, currency, due_days, billing_from, link_valid_hours, default_vat_basis_points, installed_in, version

-- name: has_invoices$
SELECT EXISTS (SELECT 1 FROM invoice)
