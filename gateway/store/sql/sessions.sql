-- name: end_sessions_of!
DELETE FROM user_session WHERE user_id = :user_id AND token_hash IS DISTINCT FROM :except_hash

-- name: add_session!
INSERT INTO user_session (token_hash, user_id, csrf_token, created_at, last_seen_at, expires_at)
VALUES (:token_hash, :user_id, :csrf_token, :now, :now, :expires_at)

-- name: end_session!
DELETE FROM user_session WHERE token_hash = :token_hash

-- name: by_session^
-- Who a session is, and whether they see the whole tree.
SELECT u.id, u.email, u.name, u.role, u.operator_id, s.csrf_token, s.last_seen_at, NULL::uuid AS token_id,
       own.parent_id IS NULL AND own.id IS NOT NULL AS is_root
  FROM user_session AS s
  JOIN user_account AS u ON u.id = s.user_id
  LEFT JOIN operator AS own ON own.id = u.operator_id
 WHERE s.token_hash = :token_hash AND s.expires_at > :now AND s.last_seen_at > :idle_since AND u.active

-- name: note_session_seen!
-- Once a minute is enough to know who is idle, and spares a write for each request.
UPDATE user_session SET last_seen_at = :now WHERE token_hash = :token_hash AND last_seen_at < :before

-- name: lock_sign_ins$
-- Tries for the same account or address are counted one after another, whichever replica they reach.
SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))::text

-- name: sign_ins_since^
SELECT count(*) AS tries, min(at) AS first_at
  FROM sign_in_try
 WHERE subject = :subject AND at > :since

-- name: add_sign_in!
INSERT INTO sign_in_try (id, subject, at) VALUES (:id, :subject, :now)

-- name: forget_sign_ins!
DELETE FROM sign_in_try WHERE id = ANY (:ids::uuid[])
