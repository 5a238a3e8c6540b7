-- name: note_files!
-- A document that was asked for elsewhere has no row here.
UPDATE document
   SET blob_key = t.blob_key, media_type = t.media_type, size_bytes = t.size_bytes, file_name = t.file_name
  FROM unnest(:ids::uuid[], :blob_keys::text[], :media_types::text[], :sizes::bigint[], :file_names::text[])
       AS t (id, blob_key, media_type, size_bytes, file_name)
 WHERE document.id = t.id
