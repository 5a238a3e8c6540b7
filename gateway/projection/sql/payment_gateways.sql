-- name: project_payment_gateways!
INSERT INTO payment_gateway (id, operator_id, provider, enabled, base_url, minimum_minor, maximum_minor, unverified,
                             removed, version)
SELECT id, operator_id, provider, enabled, base_url, minimum_minor, maximum_minor, unverified, removed, version
  FROM unnest(:ids::uuid[], :operator_ids::uuid[], :providers::text[], :enabled::boolean[], :base_urls::text[],
              :minimums::bigint[], :maximums::bigint[], :unverified::boolean[], :removed::boolean[],
              :versions::bigint[])
    AS t (id, operator_id, provider, enabled, base_url, minimum_minor, maximum_minor, unverified, removed, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET operator_id = excluded.operator_id, provider = excluded.provider, enabled = excluded.enabled,
       base_url = excluded.base_url, minimum_minor = excluded.minimum_minor, maximum_minor = excluded.maximum_minor,
       unverified = excluded.unverified, removed = excluded.removed, version = excluded.version
 WHERE payment_gateway.version < excluded.version

-- name: project_online_settings!
INSERT INTO online_settings (id, send_receipts, version)
VALUES ('online', :send_receipts::boolean, :version::bigint)
ON CONFLICT (id) DO UPDATE
   SET send_receipts = excluded.send_receipts, version = excluded.version
 WHERE online_settings.version < excluded.version
