-- name: sms_gateways
-- Those of a subtree, each operator's in the order in which they are tried.
SELECT sms_gateway.id, sms_gateway.operator_id, operator.name AS operator_name, cardinality(operator.path) AS depth,
       sms_gateway.provider, sms_gateway.priority, sms_gateway.enabled, sms_gateway.base_url, sms_gateway.settings,
       sms_gateway.secret_sealed_at, sms_gateway.sending_from, sms_gateway.sending_until, sms_gateway.per_minute,
       sms_gateway.cost_per_segment_minor, sms_gateway.changed_by, sms_gateway.changed_at, sms_gateway.version
  FROM sms_gateway
  JOIN operator ON operator.id = sms_gateway.operator_id
 WHERE NOT sms_gateway.removed
   AND (:operator_id::uuid IS NULL OR sms_gateway.operator_id = :operator_id)
   AND (:top::uuid IS NULL OR operator.path @> ARRAY[:top::uuid])
 ORDER BY cardinality(operator.path), operator.name, operator.id, sms_gateway.priority, sms_gateway.id

-- name: sms_gateway_by_id^
SELECT id, operator_id, provider, priority, enabled, base_url, settings, secret_sealed_at, sending_from, sending_until,
       per_minute, cost_per_segment_minor, removed, version
  FROM sms_gateway
 WHERE id = :id

-- name: nearest_sms_gateways
-- By which gateways messages of these operators go: those of the nearest operator above that has any, in order.
SELECT leaf.id AS operator_id, way.id, way.provider, way.cost_per_segment_minor, way.operator_id AS owner_id
  FROM operator AS leaf
 CROSS JOIN LATERAL (
       SELECT step.operator_id
         FROM unnest(leaf.path) WITH ORDINALITY AS step (operator_id, place)
        WHERE EXISTS (SELECT FROM sms_gateway AS own
                       WHERE own.operator_id = step.operator_id AND own.enabled AND NOT own.removed)
        ORDER BY step.place DESC
        LIMIT 1) AS nearest
  JOIN sms_gateway AS way ON way.operator_id = nearest.operator_id AND way.enabled AND NOT way.removed
 WHERE leaf.id = ANY (:operator_ids::uuid[])
 ORDER BY leaf.id, way.priority, way.id
