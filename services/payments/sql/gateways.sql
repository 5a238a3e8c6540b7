-- name: gateway^
SELECT gateway_id, provider, operator_id, enabled, base_url, minimum_minor, maximum_minor, sealed, unverified,
       removed, version
  FROM payment_gateway
 WHERE gateway_id = :gateway_id

-- name: gateway_of^
SELECT gateway_id, provider, operator_id, enabled, base_url, minimum_minor, maximum_minor, sealed, unverified,
       removed, version
  FROM payment_gateway
 WHERE provider = :provider AND operator_id = :operator_id

-- name: gateways_for_bills
-- The nearest above the bill's operator, one a provider: its place in the path, counted from the root.
SELECT DISTINCT ON (receivable.invoice_id, payment_gateway.provider)
       receivable.invoice_id, payment_gateway.gateway_id, payment_gateway.provider,
       payment_gateway.operator_id, payment_gateway.enabled, payment_gateway.base_url,
       payment_gateway.minimum_minor, payment_gateway.maximum_minor, payment_gateway.sealed
  FROM receivable
  JOIN operator_known ON operator_known.operator_id = receivable.operator_id
  JOIN payment_gateway ON payment_gateway.operator_id = ANY (operator_known.path)
 WHERE receivable.invoice_id = ANY(:invoice_ids::uuid[])
   AND payment_gateway.enabled AND NOT payment_gateway.removed
 ORDER BY receivable.invoice_id, payment_gateway.provider,
          array_position(operator_known.path, payment_gateway.operator_id) DESC

-- name: gateways_of_provider
SELECT gateway_id, provider, operator_id, enabled, base_url, minimum_minor, maximum_minor, sealed, unverified,
       removed, version
  FROM payment_gateway
 WHERE provider = :provider AND sealed IS NOT NULL

-- name: save_gateway^
-- The same provider for the same operator is the gateway that there is.
INSERT INTO payment_gateway (gateway_id, provider, operator_id, enabled, base_url, minimum_minor,
                             maximum_minor, sealed, unverified)
VALUES (:gateway_id, :provider, :operator_id, :enabled, :base_url, :minimum_minor, :maximum_minor, :sealed,
        :unverified)
    ON CONFLICT (provider, operator_id) DO UPDATE
   SET enabled = excluded.enabled, base_url = excluded.base_url, minimum_minor = excluded.minimum_minor,
       maximum_minor = excluded.maximum_minor, sealed = excluded.sealed, unverified = excluded.unverified,
       removed = FALSE, version = payment_gateway.version + 1
RETURNING gateway_id, provider, operator_id, enabled, base_url, minimum_minor, maximum_minor, sealed,
          unverified, removed, version

-- name: remove_gateway^
UPDATE payment_gateway
   SET enabled = FALSE, removed = TRUE, version = version + 1
 WHERE gateway_id = :gateway_id
RETURNING gateway_id, provider, operator_id, enabled, base_url, minimum_minor, maximum_minor, sealed,
          unverified, removed, version

-- name: forget_secrets!
-- Of gateways that were taken away, once nothing that they opened is asked about any more.
UPDATE payment_gateway
   SET sealed = NULL
 WHERE removed AND sealed IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM checkout
                    WHERE checkout.gateway_id = payment_gateway.gateway_id
                      AND checkout.state IN ('opening', 'open'))

-- name: gateways_after
SELECT gateway_id, provider, operator_id, enabled, base_url, minimum_minor, maximum_minor, sealed, unverified,
       removed, version
  FROM payment_gateway
 WHERE :after_id::uuid IS NULL OR gateway_id > :after_id
 ORDER BY gateway_id
 LIMIT :most

-- name: ask_for_change!
INSERT INTO gateway_change (command_id, gateway_id, command, envelope, asked_at)
VALUES (:command_id, :gateway_id, :command::jsonb, :envelope::jsonb, :now)
    ON CONFLICT DO NOTHING

-- name: claim_change^
-- The oldest of a gateway: two changes of one are carried out in their order. A lease is of real time.
UPDATE gateway_change
   SET leased_until = clock_timestamp() + interval '30 seconds'
 WHERE command_id = (
       SELECT next.command_id
         FROM gateway_change AS next
        WHERE (next.leased_until IS NULL OR next.leased_until < clock_timestamp())
          AND NOT EXISTS (SELECT 1 FROM gateway_change AS earlier
                           WHERE earlier.gateway_id = next.gateway_id
                             AND (earlier.asked_at, earlier.command_id) < (next.asked_at, next.command_id))
        ORDER BY next.asked_at, next.command_id
        LIMIT 1
          FOR UPDATE SKIP LOCKED)
RETURNING command_id, gateway_id, command, envelope

-- name: end_change$
DELETE FROM gateway_change
 WHERE command_id = :command_id
RETURNING command_id
