"""Tokens of providers that all replicas share, by the hash of the credentials that open them."""

from __future__ import annotations

from datetime import datetime

from services.payments.store.statements import queries
from shared.db import Pool


async def lease(pool: Pool, credentials_hash: str) -> bool:
    """Take the right to fetch the next token for half a minute; False while another has it."""
    return bool(await queries.lease_provider_token(pool, credentials_hash=credentials_hash))


async def release(pool: Pool, credentials_hash: str) -> None:
    """Give the right to fetch a token back."""
    await queries.release_provider_token(pool, credentials_hash=credentials_hash)


async def sealed(pool: Pool, credentials_hash: str) -> str | None:
    """Return the token that is kept, sealed; None where there is none."""
    text: str | None = await queries.provider_token(pool, credentials_hash=credentials_hash)
    return text


async def keep(pool: Pool, credentials_hash: str, sealed_token: str, expires_at: datetime) -> None:
    """Keep a token for all replicas."""
    await queries.keep_provider_token(
        pool, credentials_hash=credentials_hash, sealed=sealed_token, expires_at=expires_at
    )
