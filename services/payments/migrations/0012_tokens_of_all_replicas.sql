-- A provider's access token, one a set of credentials for all replicas: about two calls for one an hour are
-- tolerated. It rests sealed; whoever holds the lease fetches the next one.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE provider_token (
    credentials_hash text COLLATE "C" NOT NULL,
    sealed           text,
    expires_at       timestamptz,
    leased_until     timestamptz,
    CONSTRAINT provider_token_pk PRIMARY KEY (credentials_hash)
);
