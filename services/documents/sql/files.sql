-- name: use_file^
UPDATE file
   SET used_at = :now
 WHERE blob_key = :blob_key
RETURNING blob_key, media_type, size_bytes, sha256, crc32, pages, picture, as_of

-- name: keep_file!
INSERT INTO file (blob_key, media_type, size_bytes, sha256, crc32, pages, picture, as_of, used_at, customer_id)
VALUES (:blob_key, :media_type, :size_bytes, :sha256, :crc32, :pages, :picture, :as_of, :now, :customer_id)
    ON CONFLICT (blob_key) DO UPDATE
   SET size_bytes = excluded.size_bytes, sha256 = excluded.sha256, crc32 = excluded.crc32,
       pages = excluded.pages, picture = excluded.picture, as_of = excluded.as_of, used_at = excluded.used_at,
       customer_id = excluded.customer_id

-- name: keep_bulk_file!
INSERT INTO bulk_file (bulk_action_id, position, document_id, blob_key, made_at)
VALUES (:bulk_action_id, :position, :document_id, :blob_key, :now)
    ON CONFLICT (bulk_action_id, position, document_id) DO UPDATE SET blob_key = excluded.blob_key

-- name: bulk_files_after
SELECT bulk_file.position, bulk_file.document_id, bulk_file.blob_key
  FROM bulk_file
 WHERE bulk_file.bulk_action_id = :bulk_action_id
   AND (bulk_file.position, bulk_file.document_id) > (:after_position::bigint, :after_document_id::uuid)
 ORDER BY bulk_file.position, bulk_file.document_id
 LIMIT :most

-- name: expired_files
SELECT blob_key
  FROM file
 WHERE used_at < :before
 ORDER BY used_at
 LIMIT :most

-- name: forget_files!
DELETE FROM file
 WHERE blob_key = ANY(:blob_keys::text[]) AND used_at < :before

-- name: forget_bulk_files!
DELETE FROM bulk_file
 WHERE made_at < :before
