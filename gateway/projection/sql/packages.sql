-- name: project_packages!
INSERT INTO package (id, operator_id, name, price_minor, currency, vat_basis_points, version)
SELECT id, operator_id, name, price_minor, currency, vat_basis_points, version
  FROM unnest(:ids::uuid[], :operator_ids::uuid[], :names::text[], :prices::bigint[], :currencies::text[],
              :vat_basis_points::integer[], :versions::bigint[])
    AS t (id, operator_id, name, price_minor, currency, vat_basis_points, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET operator_id = excluded.operator_id, name = excluded.name, price_minor = excluded.price_minor,
       currency = excluded.currency, vat_basis_points = excluded.vat_basis_points, version = excluded.version
 WHERE package.version < excluded.version
