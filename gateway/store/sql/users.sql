-- name: people_in_reach
SELECT id, name, email
  FROM user_account
 WHERE (:top::uuid IS NULL OR operator_id = :top
        OR operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid]))
 ORDER BY name, id
 LIMIT :limit

-- name: add_user!
INSERT INTO user_account (id, email, name, password_hash, role, operator_id, created_at)
VALUES (:id, :email, :name, :password_hash, :role, :operator_id, :now)

-- name: user_by_email^
SELECT id, email, name, password_hash, role, operator_id, active, second_factor, second_factor_step
  FROM user_account
 WHERE email = :email

-- name: user_at_the_door^
SELECT id, email, active, second_factor, second_factor_step FROM user_account WHERE id = :id

-- name: set_second_factor!
UPDATE user_account
   SET second_factor = :second_factor, second_factor_step = :step, recovery_codes = :recovery_codes
 WHERE id = :id

-- name: forget_second_factor!
UPDATE user_account
   SET second_factor = NULL, second_factor_step = NULL, recovery_codes = NULL
 WHERE id = :id

-- name: take_second_factor_step$
-- A code opens once: of two who show it at the same time, one is too late.
UPDATE user_account
   SET second_factor_step = :step
 WHERE id = :id AND second_factor IS NOT NULL AND second_factor_step < :step
RETURNING true

-- name: take_recovery_code$
UPDATE user_account
   SET recovery_codes = array_remove(recovery_codes, :code)
 WHERE id = :id AND :code = ANY (recovery_codes)
RETURNING true

-- name: user_by_id^
SELECT id, email, name, role, operator_id, active, created_at FROM user_account WHERE id = :id

-- name: password_of$
SELECT password_hash FROM user_account WHERE id = :id

-- name: users
SELECT id, email, name, role, operator_id, active, created_at
  FROM user_account
 WHERE (:top::uuid IS NULL OR operator_id = :top
        OR operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid]))
   AND (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit

-- name: change_user!
UPDATE user_account
   SET name = coalesce(:name, name), role = coalesce(:role, role), operator_id = coalesce(:operator_id, operator_id),
       active = coalesce(:active, active), password_hash = coalesce(:password_hash, password_hash)
 WHERE id = :id

-- name: lock_last_admins
-- Two admins who demote each other at once would leave none: one waits for the other.
SELECT u.id
  FROM user_account AS u
  JOIN operator ON operator.id = u.operator_id AND operator.parent_id IS NULL
 WHERE u.role = 'admin' AND u.active
 ORDER BY u.id
   FOR UPDATE OF u

-- name: any_user$
SELECT EXISTS (SELECT 1 FROM user_account)

-- name: first_admin^
SELECT u.id, u.email, u.name, u.role, u.operator_id, u.active
  FROM user_account AS u
  JOIN operator ON operator.id = u.operator_id AND operator.parent_id IS NULL
 WHERE u.role = 'admin' AND u.active
 ORDER BY u.id
 LIMIT 1
