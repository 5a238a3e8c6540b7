-- name: learn_operators!
INSERT INTO operator (operator_id, name, path, version)
SELECT learnt.operator_id, learnt.name, learnt.path::uuid[], learnt.version
  FROM unnest(:operator_ids::uuid[], :names::text[], :paths::text[], :versions::bigint[])
       AS learnt (operator_id, name, path, version)
 ORDER BY learnt.operator_id
    ON CONFLICT (operator_id) DO UPDATE
   SET name = excluded.name, path = excluded.path, version = excluded.version
 WHERE operator.version < excluded.version

-- name: learn_billing_settings!
INSERT INTO billing_settings (time_zone, currency, version)
VALUES (:time_zone, :currency, :version)
    ON CONFLICT (single) DO UPDATE
   SET time_zone = excluded.time_zone, currency = excluded.currency, version = excluded.version
 WHERE billing_settings.version < excluded.version

-- name: billing_settings^
SELECT time_zone, currency
  FROM billing_settings

-- name: operators
SELECT operator_id, name, path
  FROM operator
 WHERE operator_id = ANY (:operator_ids::uuid[])
