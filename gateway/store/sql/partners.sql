-- name: partners
SELECT id, name, operator_id, active, paused, key_changed_at, bytes_per_second, version
  FROM partner
 WHERE (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit

-- name: partner_by_id^
SELECT id, name, operator_id, active, paused, key_changed_at, bytes_per_second, version FROM partner WHERE id = :id

-- name: partner_by_name^
SELECT id, name, operator_id, active, paused, key_changed_at, bytes_per_second, version FROM partner WHERE name = :name
