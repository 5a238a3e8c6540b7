"""Sessions: whose a cookie is."""

from __future__ import annotations

from gateway.access import Principal
from gateway.store import sessions as session_store
from gateway.store import statements
from gateway.store.sessions import digest
from shared import clock
from shared.db import Pool


async def by_session(pool: Pool, token: str) -> Principal | None:
    """Whose session this is."""
    async with pool.acquire() as connection:
        row = await statements.one(connection, "by_session", token_hash=digest(token), now=clock.now())
    return session_store.principal(row) if row else None
