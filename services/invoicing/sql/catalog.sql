-- name: operator^
SELECT id, code, name, parent_id, path, version FROM operator WHERE id = :id

-- name: lock_operator^
SELECT id, code, name, parent_id, path, version FROM operator WHERE id = :id FOR NO KEY UPDATE

-- name: add_operator^
WITH added AS (
  INSERT INTO operator (id, code, name, parent_id, path)
  VALUES (:id, :code, :name, :parent_id, :path)
  RETURNING id, code, name, parent_id, path, version
), counter AS (
  INSERT INTO operator_counter (operator_id)
  SELECT added.id FROM added
)
SELECT id, code, name, parent_id, path, version FROM added

-- name: rename_operator^
UPDATE operator
   SET name = :name, version = version + 1
 WHERE id = :id
RETURNING id, code, name, parent_id, path, version

-- name: package^
SELECT id, operator_id, name, price_minor, vat_basis_points, version FROM package WHERE id = :id

-- name: lock_package^
SELECT id, operator_id, name, price_minor, vat_basis_points, version FROM package WHERE id = :id FOR NO KEY UPDATE

-- name: add_package^
INSERT INTO package (id, operator_id, name, price_minor, vat_basis_points)
VALUES (:id, :operator_id, :name, :price_minor, :vat_basis_points)
RETURNING id, operator_id, name, price_minor, vat_basis_points, version

-- name: change_package^
UPDATE package
   SET name = :name, price_minor = :price_minor, vat_basis_points = :vat_basis_points, version = version + 1
 WHERE id = :id
RETURNING id, operator_id, name, price_minor, vat_basis_points, version

-- name: touch_packages
-- A package says its currency, so a change of the currency changes every package.
UPDATE package
   SET version = version + 1
RETURNING id, operator_id, name, price_minor, vat_basis_points, version

-- name: every_package
-- All of them: names are compared by what two spellings share, which only the reader of texts knows.
SELECT package.id, package.name, package.operator_id
  FROM package

-- name: operators_of_codes
-- Codes are ASCII, so that lower case is the key that two spellings share.
SELECT operator.id, operator.code, operator.path
  FROM operator
 WHERE lower(operator.code) = ANY(:codes::text[])
