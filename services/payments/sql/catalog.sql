-- name: upsert_customers
-- Rows from before names were kept learn them when they are said again.
INSERT INTO customer_known (customer_id, operator_id, code, name, mobile, version)
SELECT heard.customer_id, heard.operator_id, heard.code, heard.name, heard.mobile, heard.version
  FROM unnest(:customer_ids::uuid[], :operator_ids::uuid[], :codes::text[], :names::text[], :mobiles::text[],
              :versions::bigint[])
       AS heard (customer_id, operator_id, code, name, mobile, version)
 ORDER BY heard.customer_id
    ON CONFLICT (customer_id) DO UPDATE
   SET operator_id = excluded.operator_id, code = excluded.code, name = excluded.name,
       mobile = excluded.mobile, version = excluded.version
 WHERE customer_known.version < excluded.version
    OR (customer_known.version = excluded.version AND customer_known.name IS NULL)
RETURNING customer_id, code

-- name: upsert_operators!
INSERT INTO operator_known (operator_id, code, name, parent_id, path, version)
VALUES (:operator_id, :code, :name, :parent_id, :path::uuid[], :version)
    ON CONFLICT (operator_id) DO UPDATE
   SET code = excluded.code, name = excluded.name, parent_id = excluded.parent_id, path = excluded.path,
       version = excluded.version
 WHERE operator_known.version < excluded.version
    OR (operator_known.version = excluded.version AND operator_known.name IS NULL)

-- name: upsert_installation!
INSERT INTO installation (currency, time_zone, link_valid_hours, version)
VALUES (:currency, :time_zone, :link_valid_hours, :version)
    ON CONFLICT (single) DO UPDATE
   SET currency = excluded.currency, time_zone = excluded.time_zone,
       link_valid_hours = excluded.link_valid_hours, version = excluded.version
 WHERE installation.version < excluded.version

-- name: upsert_profile!
INSERT INTO operator_profile (operator_id, name, phone, address, language, has_logo, version)
VALUES (:operator_id, :name, :phone, :address, :language, :has_logo, :version)
    ON CONFLICT (operator_id) DO UPDATE
   SET name = excluded.name, phone = excluded.phone, address = excluded.address, language = excluded.language,
       has_logo = excluded.has_logo, version = excluded.version
 WHERE operator_profile.version < excluded.version

-- name: installation^
-- One row, also before invoicing has said anything.
SELECT installation.currency, coalesce(installation.time_zone, 'UTC') AS time_zone,
       coalesce(online_settings.send_receipts, FALSE) AS sends_receipts
  FROM (VALUES (TRUE)) AS one (single)
  LEFT JOIN installation ON installation.single = one.single
  LEFT JOIN online_settings ON online_settings.single = one.single

-- name: operator_by_code^
SELECT operator_id, code, path
  FROM operator_known
 WHERE code = :code

-- name: operator_path$
SELECT path
  FROM operator_known
 WHERE operator_id = :operator_id

-- name: reach
-- A bill stays with the operator that issued it.
SELECT receivable.invoice_id, receivable.customer_id, operator_known.path
  FROM receivable
  LEFT JOIN operator_known ON operator_known.operator_id = receivable.operator_id
 WHERE receivable.invoice_id = ANY(:invoice_ids::uuid[])
 UNION ALL
SELECT NULL, customer_known.customer_id, operator_known.path
  FROM customer_known
  LEFT JOIN operator_known ON operator_known.operator_id = customer_known.operator_id
 WHERE customer_known.customer_id = ANY(:customer_ids::uuid[])
