-- name: project_messages!
INSERT INTO message (id, bill_id, customer_id, operator_id, bulk_action_id, template, language, mobile_tail, state,
                     provider, gateway_id, code, detail, segments, cost_minor, first_at, at, version)
SELECT id, bill_id, customer_id, operator_id, bulk_action_id, template, language, mobile_tail, state,
       provider, gateway_id, code, detail, segments, cost_minor, first_at, at, version
  FROM unnest(:ids::uuid[], :bill_ids::uuid[], :customer_ids::uuid[], :operator_ids::uuid[], :bulk_action_ids::uuid[],
              :templates::text[], :languages::text[], :mobile_tails::text[], :states::text[], :providers::text[],
              :gateway_ids::uuid[], :codes::text[], :details::text[], :segments::bigint[], :costs::bigint[],
              :first_ats::timestamptz[], :ats::timestamptz[], :versions::bigint[])
    AS t (id, bill_id, customer_id, operator_id, bulk_action_id, template, language, mobile_tail, state,
          provider, gateway_id, code, detail, segments, cost_minor, first_at, at, version)
 ORDER BY id
ON CONFLICT (id) DO UPDATE
   SET mobile_tail = excluded.mobile_tail, state = excluded.state, provider = excluded.provider, gateway_id = excluded.gateway_id,
       code = excluded.code, detail = excluded.detail, segments = excluded.segments,
       cost_minor = excluded.cost_minor, at = excluded.at, version = excluded.version
 WHERE message.version < excluded.version
