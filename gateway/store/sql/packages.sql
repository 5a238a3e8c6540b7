-- name: packages_shown
SELECT package.id, package.name, package.price_minor, package.currency, package.vat_basis_points, package.operator_id,
       operator.name AS operator_name
  FROM package
  LEFT JOIN operator ON operator.id = package.operator_id
 WHERE (:sellers::uuid[] IS NULL OR package.operator_id IS NULL OR package.operator_id = ANY (:sellers::uuid[]))
 ORDER BY package.name, package.id
 LIMIT :limit

-- name: packages_on_sale
SELECT id, name, price_minor, operator_id
  FROM package
 WHERE (:sellers::uuid[] IS NULL OR operator_id IS NULL OR operator_id = ANY (:sellers::uuid[]))
 ORDER BY name, id
 LIMIT :limit

-- name: package_by_id^
SELECT id, operator_id, name, price_minor, currency, vat_basis_points, version FROM package WHERE id = :id

-- name: packages
-- One sees what one sells: packages of everybody, of one's subtree, and of those above.
SELECT id, operator_id, name, price_minor, currency, vat_basis_points, version
  FROM package
 WHERE (:sellers::uuid[] IS NULL OR operator_id IS NULL OR operator_id = ANY (:sellers::uuid[]))
   AND (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit

-- name: sellers
-- The operators whose packages someone sees: their subtree and those above it.
SELECT id FROM operator WHERE path && ARRAY[:operator_id::uuid]
 UNION
SELECT unnest(path) FROM operator WHERE id = :operator_id
