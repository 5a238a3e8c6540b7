-- name: files_about
-- Their own, and what was joined to be printed with one of theirs in it.
WITH own AS (
  SELECT file.blob_key
    FROM file
   WHERE file.customer_id = :customer_id
)
SELECT own.blob_key
  FROM own
 UNION
SELECT file.blob_key
  FROM file
 WHERE file.blob_key LIKE 'print-files/%'
   AND split_part(file.blob_key, '/', 2) IN (
       SELECT bulk_file.bulk_action_id::text
         FROM bulk_file
        WHERE bulk_file.blob_key IN (SELECT own.blob_key FROM own))

-- name: forget_files_about!
DELETE FROM file
 WHERE blob_key = ANY(:blob_keys::text[])

-- name: is_rendering_about$
-- What waits in line, or is being drawn or joined.
SELECT EXISTS (
  SELECT FROM rendering
   WHERE position(:customer_id::uuid::text IN rendering.command::text) > 0
      OR rendering.bulk_action_id IN (
         SELECT bulk_file.bulk_action_id
           FROM bulk_file
           JOIN file ON file.blob_key = bulk_file.blob_key
          WHERE file.customer_id = :customer_id))
