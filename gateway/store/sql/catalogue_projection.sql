-- name: project_operators
-- Answers the operators that were not known before.
INSERT INTO operator (id, code, name, parent_id, path, version)
SELECT id, code, name, parent_id, path::uuid[], version
  FROM unnest(:ids::uuid[], :codes::text[], :names::text[], :parent_ids::uuid[], :paths::text[],
              :versions::bigint[]) AS t (id, code, name, parent_id, path, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET code = excluded.code, name = excluded.name, parent_id = excluded.parent_id, path = excluded.path,
       version = excluded.version
 WHERE operator.version < excluded.version
RETURNING new.id, (old.id IS NULL) AS is_new

-- name: project_packages!
INSERT INTO package (id, operator_id, name, price_minor, currency, vat_basis_points, version)
SELECT id, operator_id, name, price_minor, currency, vat_basis_points, version
  FROM unnest(:ids::uuid[], :operator_ids::uuid[], :names::text[], :prices::bigint[], :currencies::text[],
              :vat_basis_points::integer[], :versions::bigint[])
    AS t (id, operator_id, name, price_minor, currency, vat_basis_points, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET operator_id = excluded.operator_id, name = excluded.name, price_minor = excluded.price_minor,
       currency = excluded.currency, vat_basis_points = excluded.vat_basis_points, version = excluded.version
 WHERE package.version < excluded.version

-- name: project_customers!
INSERT INTO customer (id, operator_id, code, name, mobile, address, package_id, status, billing_cycle, since, version)
SELECT id, operator_id, code, name, mobile, address, package_id, status, billing_cycle, since, version
  FROM unnest(:ids::uuid[], :operator_ids::uuid[], :codes::text[], :names::text[], :mobiles::text[],
              :addresses::text[], :package_ids::uuid[], :statuses::text[], :billing_cycles::text[],
              :sinces::date[], :versions::bigint[])
    AS t (id, operator_id, code, name, mobile, address, package_id, status, billing_cycle, since, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET operator_id = excluded.operator_id, code = excluded.code, name = excluded.name,
       mobile = excluded.mobile, address = excluded.address, package_id = excluded.package_id,
       status = excluded.status, billing_cycle = excluded.billing_cycle, since = excluded.since,
       version = excluded.version
 WHERE customer.version < excluded.version

-- name: project_billing_settings!
INSERT INTO billing_settings (id, time_zone, currency, due_days, billing_from, link_valid_hours,
                              default_vat_basis_points, version)
VALUES ('billing', :time_zone, :currency, :due_days::integer, :billing_from, :link_valid_hours::integer,
        :default_vat_basis_points::integer, :version::bigint)
ON CONFLICT (id) DO UPDATE
   SET time_zone = excluded.time_zone, currency = excluded.currency, due_days = excluded.due_days,
       billing_from = excluded.billing_from, link_valid_hours = excluded.link_valid_hours,
       default_vat_basis_points = excluded.default_vat_basis_points, version = excluded.version
 WHERE billing_settings.version < excluded.version

-- name: project_partners!
INSERT INTO partner (id, name, operator_id, active, version)
SELECT id, name, operator_id, active, version
  FROM unnest(:ids::uuid[], :names::text[], :operator_ids::uuid[], :active::boolean[], :versions::bigint[])
    AS t (id, name, operator_id, active, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET name = excluded.name, operator_id = excluded.operator_id, active = excluded.active,
       version = excluded.version
 WHERE partner.version < excluded.version

-- name: report_import_chunks!
UPDATE customer_import_chunk AS chunk
   SET created = t.created, updated = t.updated, unchanged = t.unchanged, refused = t.refused::jsonb
  FROM unnest(:message_ids::uuid[], :created::bigint[], :updated::bigint[], :unchanged::bigint[], :refused::text[])
    AS t (message_id, created, updated, unchanged, refused)
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
