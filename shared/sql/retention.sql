-- name: largest_tables
SELECT relname AS "table", pg_total_relation_size(oid) AS bytes
  FROM pg_class
 WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
 ORDER BY bytes DESC
 LIMIT :most
