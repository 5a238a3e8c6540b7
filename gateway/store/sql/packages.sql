-- name: packages_shown
SELECT package.id, package.name, package.price_minor, package.currency, package.vat_basis_points, package.operator_id,
       operator.name AS operator_name,
       (:top::uuid IS NULL OR coalesce(operator.path @> ARRAY[:top::uuid], false)) AS is_reached
  FROM package
  LEFT JOIN operator ON operator.id = package.operator_id
 WHERE (:top::uuid IS NULL OR package.operator_id IS NULL
        OR package.operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid])
        OR package.operator_id = ANY ((SELECT path FROM operator WHERE id = :top)::uuid[]))
 ORDER BY package.name, package.id
 LIMIT :limit

-- name: packages_on_sale
SELECT id, name, price_minor, vat_basis_points, operator_id
  FROM package
 WHERE (:top::uuid IS NULL OR operator_id IS NULL
        OR operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid])
        OR operator_id = ANY ((SELECT path FROM operator WHERE id = :top)::uuid[]))
 ORDER BY name, id
 LIMIT :limit

-- name: package_by_id^
SELECT id, operator_id, name, price_minor, currency, vat_basis_points, version FROM package WHERE id = :id

-- name: packages
-- One sees what one sells: packages of everybody, of one's subtree, and of those above.
SELECT id, operator_id, name, price_minor, currency, vat_basis_points, version
  FROM package
 WHERE (:top::uuid IS NULL OR operator_id IS NULL
        OR operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid])
        OR operator_id = ANY ((SELECT path FROM operator WHERE id = :top)::uuid[]))
   AND (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit

-- name: is_on_sale$
-- Whether someone sees an operator's packages: it is in their subtree, or above it.
SELECT EXISTS (SELECT 1
                 FROM operator AS own, operator AS seller
                WHERE own.id = :top AND seller.id = :seller_id
                  AND (seller.path @> ARRAY[own.id] OR own.path @> ARRAY[seller.id]))
