-- name: add_document!
INSERT INTO document (id, kind, subject_id, shows, caller, asked_at)
VALUES (:id, :kind, :subject_id, :shows, :caller, :now)

-- name: document_by_id^
SELECT id, kind, subject_id, blob_key, media_type, size_bytes, file_name
  FROM document
 WHERE id = :id

-- name: document_that_shows^
SELECT id, kind, subject_id, blob_key, media_type, size_bytes, file_name
  FROM document
 WHERE subject_id = :subject_id AND kind = :kind AND shows = :shows AND blob_key IS NOT NULL
   AND asked_at >= :asked_after
 ORDER BY asked_at DESC
 LIMIT 1

-- name: document_under_way$
-- Whoever looks again while it is made waits for the first asking.
SELECT document.id
  FROM document
  JOIN operation ON operation.id = document.id
 WHERE document.subject_id = :subject_id AND document.kind = :kind AND document.shows = :shows
   AND document.caller = :caller AND operation.state = 'pending'
 ORDER BY document.asked_at DESC
 LIMIT 1

-- name: forget_file!
UPDATE document SET blob_key = NULL WHERE id = :id
