-- name: saved_views
SELECT id, user_id, name, query, newest_month, is_default, created_at
  FROM saved_view
 WHERE user_id = :user_id
 ORDER BY lower(name), id
 LIMIT :limit

-- name: saved_view_by_id^
-- Whose it is goes with it: nobody opens another's.
SELECT id, user_id, name, query, newest_month, is_default, created_at
  FROM saved_view
 WHERE id = :id AND user_id = :user_id

-- name: default_view^
SELECT id, user_id, name, query, newest_month, is_default, created_at
  FROM saved_view
 WHERE user_id = :user_id AND is_default

-- name: forget_default_view!
UPDATE saved_view SET is_default = false WHERE user_id = :user_id AND is_default

-- name: add_saved_view!
INSERT INTO saved_view (id, user_id, name, query, newest_month, is_default, created_at)
VALUES (:id, :user_id, :name, :query, :newest_month, :is_default, :now)

-- name: change_saved_view!
UPDATE saved_view SET name = :name, is_default = :is_default WHERE id = :id AND user_id = :user_id

-- name: remove_saved_view!
DELETE FROM saved_view WHERE id = :id AND user_id = :user_id
