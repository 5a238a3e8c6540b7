-- name: activity
-- Ids tell their time: the youngest first is the greatest first. Who looks at a document changes nothing.
SELECT operation.id, operation.kind, operation.subject_id, operation.caller, operation.state, operation.problem,
       operation.facts, operation.created_at, operation.type, operation.payload::jsonb AS command,
       person.name AS person_name, person.email AS person_email, operator.name AS operator_name
  FROM operation
  LEFT JOIN user_account AS person ON 'user:' || person.id = operation.caller
  LEFT JOIN operator ON operator.id = operation.operator_id
 WHERE (:top::uuid IS NULL OR operation.operator_id = :top
        OR operation.operator_id IN (SELECT id FROM operator WHERE path @> ARRAY[:top::uuid]))
   AND operation.kind <> 'document'
   AND (:callers::text[] IS NULL OR operation.caller = ANY (:callers::text[]))
   AND (:kinds::text[] IS NULL OR operation.kind = ANY (:kinds::text[]))
   AND (:after::uuid IS NULL OR operation.id < :after)
 ORDER BY operation.id DESC
 LIMIT :limit
