-- name: operator_names
SELECT id, name FROM operator WHERE id = ANY (:ids::uuid[])

-- name: operator_path
-- From the top of the caller's reach down to the operator.
SELECT above.id, above.name
  FROM operator AS own
  JOIN operator AS above ON above.id = ANY (own.path)
 WHERE own.id = :operator_id
   AND (:reach::uuid[] IS NULL OR above.id = ANY (:reach::uuid[]))
 ORDER BY cardinality(above.path)

-- name: operators_in_reach
SELECT id, code, name, parent_id, path
  FROM operator
 WHERE (:reach::uuid[] IS NULL OR id = ANY (:reach::uuid[]))
 ORDER BY name
 LIMIT :limit

-- name: parent_names
SELECT operator.id, above.name
  FROM operator
  JOIN operator AS above ON above.id = operator.parent_id
 WHERE operator.id = ANY (:ids::uuid[])

-- name: subtree
SELECT id FROM operator WHERE path && :operator_ids::uuid[]

-- name: operator_by_id^
SELECT id, code, name, parent_id, path, version FROM operator WHERE id = :id

-- name: operator_by_code^
SELECT id, code, name, parent_id, path, version FROM operator WHERE code = :code

-- name: operators
SELECT id, code, name, parent_id, path, version
  FROM operator
 WHERE (:reach::uuid[] IS NULL OR id = ANY (:reach::uuid[]))
   AND (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit

-- name: operator_root$
SELECT id FROM operator WHERE parent_id IS NULL ORDER BY id LIMIT 1
