-- name: by_token^
SELECT u.id, u.email, u.name, u.role, u.operator_id, NULL::text AS csrf_token, t.id AS token_id, t.last_used_at,
       own.parent_id IS NULL AND own.id IS NOT NULL AS is_root
  FROM api_token AS t
  JOIN user_account AS u ON u.id = t.user_id
  LEFT JOIN operator AS own ON own.id = u.operator_id
 WHERE t.token_hash = :token_hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > :now)
   AND u.active

-- name: add_token!
INSERT INTO api_token (id, user_id, name, token_hash, created_at, expires_at)
VALUES (:id, :user_id, :name, :token_hash, :now, :expires_at)

-- name: tokens
SELECT t.id, t.user_id, u.email, t.name, t.created_at, t.expires_at, t.revoked_at, t.last_used_at, t.last_used_from
  FROM api_token AS t
  JOIN user_account AS u ON u.id = t.user_id
 WHERE (:user_id::uuid IS NULL OR t.user_id = :user_id)
   AND (:top::uuid IS NULL OR u.operator_id = :top
        OR u.operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid]))
   AND (:after::uuid IS NULL OR t.id > :after)
 ORDER BY t.id
 LIMIT :limit

-- name: token_by_id^
SELECT t.id, t.user_id, u.email, t.name, t.created_at, t.expires_at, t.revoked_at, t.last_used_at, t.last_used_from, u.operator_id
  FROM api_token AS t
  JOIN user_account AS u ON u.id = t.user_id
 WHERE t.id = :id

-- name: note_token_used!
-- Once a minute is enough to see which tokens are in use, and spares a write for each request.
UPDATE api_token
   SET last_used_at = :now, last_used_from = :address
 WHERE id = :id AND (last_used_at IS NULL OR last_used_at < :before)

-- name: revoke_tokens_of!
UPDATE api_token SET revoked_at = :now WHERE user_id = :user_id AND revoked_at IS NULL

-- name: revoke_token!
UPDATE api_token SET revoked_at = coalesce(revoked_at, :now) WHERE id = :id
