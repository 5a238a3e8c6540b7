-- name: report_import_chunks!
UPDATE customer_import_chunk AS chunk
   SET created = t.created, updated = t.updated, unchanged = t.unchanged, closed = t.closed, refused = t.refused::jsonb,
       partly = t.partly, restored = t.restored::jsonb,
       changed_ids = ARRAY(SELECT (each ->> 'customer_id')::uuid
                             FROM jsonb_array_elements(t.changed::jsonb) WITH ORDINALITY AS e (each, n) ORDER BY n),
       changed_versions = ARRAY(SELECT (each ->> 'version')::bigint
                                  FROM jsonb_array_elements(t.changed::jsonb) WITH ORDINALITY AS e (each, n) ORDER BY n)
  FROM unnest(:message_ids::uuid[], :created::bigint[], :updated::bigint[], :unchanged::bigint[], :closed::bigint[],
              :refused::text[], :partly::bigint[], :restored::text[], :changed::text[])
    AS t (message_id, created, updated, unchanged, closed, refused, partly, restored, changed)
 WHERE chunk.message_id = t.message_id
   AND chunk.created IS NULL

-- name: finished_imports
-- The imports, of those that these chunks belong to, that wait for no other chunk.
SELECT import_id
  FROM customer_import_chunk
 WHERE import_id IN (SELECT import_id FROM customer_import_chunk WHERE message_id = ANY (:message_ids::uuid[]))
 GROUP BY import_id
HAVING bool_and(created IS NOT NULL)

-- name: lock_imports!
SELECT id FROM customer_import
 WHERE id IN (SELECT import_id FROM customer_import_chunk WHERE message_id = ANY (:message_ids::uuid[]))
 ORDER BY id
   FOR UPDATE
