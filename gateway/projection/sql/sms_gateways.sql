-- name: project_sms_gateways!
INSERT INTO sms_gateway (id, operator_id, provider, priority, enabled, base_url, settings, secret_sealed_at,
                         sending_from, sending_until, per_minute, cost_per_segment_minor, removed, changed_by,
                         changed_at, version)
SELECT id, operator_id, provider, priority, enabled, base_url, settings::jsonb, secret_sealed_at,
       sending_from, sending_until, per_minute, cost_per_segment_minor, removed, changed_by, changed_at, version
  FROM unnest(:ids::uuid[], :operator_ids::uuid[], :providers::text[], :priorities::bigint[], :enabled::boolean[],
              :base_urls::text[], :settings::text[], :secret_sealed_ats::timestamptz[], :sending_froms::text[],
              :sending_untils::text[], :per_minutes::bigint[], :costs::bigint[], :removed::boolean[],
              :changed_bys::text[], :changed_ats::timestamptz[], :versions::bigint[])
    AS t (id, operator_id, provider, priority, enabled, base_url, settings, secret_sealed_at, sending_from,
          sending_until, per_minute, cost_per_segment_minor, removed, changed_by, changed_at, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET operator_id = excluded.operator_id, provider = excluded.provider, priority = excluded.priority,
       enabled = excluded.enabled, base_url = excluded.base_url, settings = excluded.settings,
       secret_sealed_at = excluded.secret_sealed_at, sending_from = excluded.sending_from,
       sending_until = excluded.sending_until, per_minute = excluded.per_minute,
       cost_per_segment_minor = excluded.cost_per_segment_minor, removed = excluded.removed,
       changed_by = excluded.changed_by, changed_at = excluded.changed_at, version = excluded.version
 WHERE sms_gateway.version < excluded.version
