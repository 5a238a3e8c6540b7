-- name: note_files!
-- A document that was asked for elsewhere has no row here.
UPDATE document
   SET blob_key = t.blob_key, media_type = t.media_type, size_bytes = t.size_bytes, file_name = t.file_name
  FROM unnest(:ids::uuid[], :blob_keys::text[], :media_types::text[], :sizes::bigint[], :file_names::text[])
       AS t (id, blob_key, media_type, size_bytes, file_name)
 WHERE document.id = t.id

-- name: note_bulk_files!
-- Files of a bulk action: found by the command that asked for each.
INSERT INTO bulk_action_file (action_id, position, blob_key, size_bytes, file_name, as_of)
SELECT item.action_id, item.position, t.blob_key, t.size_bytes, t.file_name, t.as_of
  FROM unnest(:ids::uuid[], :blob_keys::text[], :sizes::bigint[], :file_names::text[], :as_of::timestamptz[])
       AS t (id, blob_key, size_bytes, file_name, as_of)
  JOIN bulk_action_item AS item ON item.command_id = t.id
 ORDER BY item.action_id, item.position
    ON CONFLICT (action_id, position) DO UPDATE
   SET blob_key = excluded.blob_key, size_bytes = excluded.size_bytes, file_name = excluded.file_name,
       as_of = excluded.as_of
