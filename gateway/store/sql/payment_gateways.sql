-- name: payment_gateways
-- Those of a subtree; a provider has one an operator.
SELECT payment_gateway.id, payment_gateway.operator_id, operator.name AS operator_name,
       cardinality(operator.path) AS depth, payment_gateway.provider, payment_gateway.enabled,
       payment_gateway.base_url, payment_gateway.minimum_minor, payment_gateway.maximum_minor,
       payment_gateway.unverified, payment_gateway.version
  FROM payment_gateway
  JOIN operator ON operator.id = payment_gateway.operator_id
 WHERE NOT payment_gateway.removed
   AND (:operator_id::uuid IS NULL OR payment_gateway.operator_id = :operator_id)
   AND (:provider::text IS NULL OR payment_gateway.provider = :provider)
   AND (:top::uuid IS NULL OR operator.path @> ARRAY[:top::uuid])
 ORDER BY cardinality(operator.path), operator.name, operator.id, payment_gateway.provider

-- name: nearest_payment_gateways
-- Through whom bills of these operators are paid: of each provider the nearest above.
SELECT DISTINCT ON (leaf.id, payment_gateway.provider)
       leaf.id AS operator_id, payment_gateway.provider, payment_gateway.operator_id AS owner_id,
       payment_gateway.minimum_minor, payment_gateway.maximum_minor
  FROM operator AS leaf
  JOIN payment_gateway ON payment_gateway.operator_id = ANY (leaf.path)
 WHERE leaf.id = ANY (:operator_ids::uuid[])
   AND payment_gateway.enabled AND NOT payment_gateway.removed
 ORDER BY leaf.id, payment_gateway.provider, array_position(leaf.path, payment_gateway.operator_id) DESC

-- name: online_settings^
SELECT send_receipts, version FROM online_settings
