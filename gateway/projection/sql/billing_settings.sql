-- name: project_billing_settings!
INSERT INTO billing_settings (id, time_zone, currency, due_days, billing_from, link_valid_hours,
                              default_vat_basis_points, version)
VALUES ('billing', :time_zone, :currency, :due_days::integer, :billing_from, :link_valid_hours::integer,
        :default_vat_basis_points::integer, :version::bigint)
ON CONFLICT (id) DO UPDATE
   SET time_zone = excluded.time_zone, currency = excluded.currency, due_days = excluded.due_days,
       billing_from = excluded.billing_from, link_valid_hours = excluded.link_valid_hours,
       default_vat_basis_points = excluded.default_vat_basis_points, version = excluded.version
 WHERE billing_settings.version < excluded.version
