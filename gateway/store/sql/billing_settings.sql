-- name: billing_settings^
SELECT time_zone, currency, due_days, billing_from, link_valid_hours, default_vat_basis_points, version
  FROM billing_settings
