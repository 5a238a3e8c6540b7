-- name: operator_names
SELECT id, name FROM operator WHERE id = ANY (:ids::uuid[])

-- name: operator_path
-- From the top of the caller's reach down to the operator.
SELECT above.id, above.name
  FROM operator AS own
  JOIN operator AS above ON above.id = ANY (own.path)
 WHERE own.id = :operator_id
   AND (:top::uuid IS NULL OR above.path @> ARRAY[:top::uuid])
 ORDER BY cardinality(above.path)

-- name: operators_in_reach
SELECT id, code, name, parent_id, path
  FROM operator
 WHERE (:top::uuid IS NULL OR path @> ARRAY[:top::uuid])
 ORDER BY name
 LIMIT :limit

-- name: parent_names
SELECT operator.id, above.name
  FROM operator
  JOIN operator AS above ON above.id = operator.parent_id
 WHERE operator.id = ANY (:ids::uuid[])

-- name: is_below$
SELECT EXISTS (SELECT 1 FROM operator WHERE id = :operator_id AND path @> ARRAY[:top::uuid])

-- name: operator_by_id^
SELECT id, code, name, parent_id, path, version FROM operator WHERE id = :id

-- name: operators_by_id
SELECT id, code, name, parent_id, path, version FROM operator WHERE id = ANY (:ids::uuid[])

-- name: operator_by_code^
SELECT id, code, name, parent_id, path, version FROM operator WHERE code = :code

-- name: operators
SELECT id, code, name, parent_id, path, version
  FROM operator
 WHERE (:top::uuid IS NULL OR path @> ARRAY[:top::uuid])
   AND (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit

-- name: operator_root$
SELECT id FROM operator WHERE parent_id IS NULL ORDER BY id LIMIT 1
