-- name: add_user!
INSERT INTO user_account (id, email, name, password_hash, role, operator_id, created_at)
VALUES (:id, :email, :name, :password_hash, :role, :operator_id, :now)

-- name: user_by_email^
SELECT id, email, name, password_hash, role, operator_id, active FROM user_account WHERE email = :email

-- name: user_by_id^
SELECT id, email, name, role, operator_id, active, created_at FROM user_account WHERE id = :id

-- name: password_of$
SELECT password_hash FROM user_account WHERE id = :id

-- name: users
SELECT id, email, name, role, operator_id, active, created_at
  FROM user_account
 WHERE (:reach::uuid[] IS NULL OR operator_id = ANY (:reach::uuid[]))
   AND (:after::uuid IS NULL OR id > :after)
 ORDER BY id
 LIMIT :limit

-- name: change_user!
UPDATE user_account
   SET name = coalesce(:name, name), role = coalesce(:role, role), operator_id = coalesce(:operator_id, operator_id),
       active = coalesce(:active, active), password_hash = coalesce(:password_hash, password_hash)
 WHERE id = :id

-- name: end_sessions_of!
DELETE FROM user_session WHERE user_id = :user_id AND token_hash IS DISTINCT FROM :except_hash

-- name: add_session!
INSERT INTO user_session (token_hash, user_id, csrf_token, created_at, expires_at)
VALUES (:token_hash, :user_id, :csrf_token, :now, :expires_at)

-- name: end_session!
DELETE FROM user_session WHERE token_hash = :token_hash

-- name: forget_old_sessions!
DELETE FROM user_session WHERE expires_at < :now

-- name: by_session^
-- Who a session is, and what they reach: null for the whole tree.
SELECT u.id, u.email, u.name, u.role, u.operator_id, s.csrf_token, NULL::uuid AS token_id,
       own.parent_id IS NULL AND own.id IS NOT NULL AS is_root,
       CASE WHEN own.parent_id IS NULL AND own.id IS NOT NULL THEN NULL
            ELSE (SELECT array_agg(below.id) FROM operator AS below WHERE below.path @> ARRAY[u.operator_id]) END AS reach
  FROM user_session AS s
  JOIN user_account AS u ON u.id = s.user_id
  LEFT JOIN operator AS own ON own.id = u.operator_id
 WHERE s.token_hash = :token_hash AND s.expires_at > :now AND u.active

-- name: by_token^
SELECT u.id, u.email, u.name, u.role, u.operator_id, NULL::text AS csrf_token, t.id AS token_id,
       own.parent_id IS NULL AND own.id IS NOT NULL AS is_root,
       CASE WHEN own.parent_id IS NULL AND own.id IS NOT NULL THEN NULL
            ELSE (SELECT array_agg(below.id) FROM operator AS below WHERE below.path @> ARRAY[u.operator_id]) END AS reach
  FROM api_token AS t
  JOIN user_account AS u ON u.id = t.user_id
  LEFT JOIN operator AS own ON own.id = u.operator_id
 WHERE t.token_hash = :token_hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > :now)
   AND u.active

-- name: add_token!
INSERT INTO api_token (id, user_id, name, token_hash, created_at, expires_at)
VALUES (:id, :user_id, :name, :token_hash, :now, :expires_at)

-- name: tokens
SELECT t.id, t.user_id, u.email, t.name, t.created_at, t.expires_at, t.revoked_at
  FROM api_token AS t
  JOIN user_account AS u ON u.id = t.user_id
 WHERE (:user_id::uuid IS NULL OR t.user_id = :user_id)
   AND (:reach::uuid[] IS NULL OR u.operator_id = ANY (:reach::uuid[]))
   AND (:after::uuid IS NULL OR t.id > :after)
 ORDER BY t.id
 LIMIT :limit

-- name: token_by_id^
SELECT t.id, t.user_id, u.email, t.name, t.created_at, t.expires_at, t.revoked_at, u.operator_id
  FROM api_token AS t
  JOIN user_account AS u ON u.id = t.user_id
 WHERE t.id = :id

-- name: revoke_token!
UPDATE api_token SET revoked_at = coalesce(revoked_at, :now) WHERE id = :id

-- name: lock_sign_ins$
-- Tries for the same account or address are counted one after another, whichever replica they reach.
SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))::text

-- name: sign_ins_since^
SELECT count(*) AS tries, min(at) AS first_at
  FROM sign_in_try
 WHERE subject = :subject AND at > :since

-- name: add_sign_in!
INSERT INTO sign_in_try (id, subject, at) VALUES (:id, :subject, :now)

-- name: forget_old_sign_ins!
DELETE FROM sign_in_try WHERE at < :before

-- name: any_user$
SELECT EXISTS (SELECT 1 FROM user_account)

-- name: first_admin^
SELECT u.id, u.email, u.name, u.role, u.operator_id, u.active
  FROM user_account AS u
  JOIN operator ON operator.id = u.operator_id AND operator.parent_id IS NULL
 WHERE u.role = 'admin' AND u.active
 ORDER BY u.id
 LIMIT 1
