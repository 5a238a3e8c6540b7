-- name: provider_token$
SELECT sealed
  FROM provider_token
 WHERE credentials_hash = :credentials_hash

-- name: lease_provider_token$
-- A lease is of real time, and longer than a call to a provider.
INSERT INTO provider_token (credentials_hash, leased_until)
VALUES (:credentials_hash, clock_timestamp() + interval '30 seconds')
    ON CONFLICT (credentials_hash) DO UPDATE
   SET leased_until = excluded.leased_until
 WHERE provider_token.leased_until IS NULL OR provider_token.leased_until < clock_timestamp()
RETURNING TRUE

-- name: keep_provider_token!
UPDATE provider_token
   SET sealed = :sealed, expires_at = :expires_at, leased_until = NULL
 WHERE credentials_hash = :credentials_hash

-- name: release_provider_token!
-- Credentials that opened nothing leave no row.
WITH nothing AS (
    DELETE FROM provider_token
     WHERE credentials_hash = :credentials_hash AND sealed IS NULL)
UPDATE provider_token
   SET leased_until = NULL
 WHERE credentials_hash = :credentials_hash AND sealed IS NOT NULL
