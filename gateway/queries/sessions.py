"""Sessions: whose a cookie is."""

from __future__ import annotations

from datetime import timedelta

from gateway.access import Principal
from gateway.store import sessions as session_store
from gateway.store.sessions import digest
from shared import clock
from shared.db import Pool

SEEN_EVERY = timedelta(minutes=1)


async def by_session(pool: Pool, token: str, idle_minutes: int) -> Principal | None:
    """Return whose session this is; one that was idle for so long has ended."""
    now, token_hash = clock.now(), digest(token)
    async with pool.acquire() as connection:
        row = await session_store.by_hash(
            connection, token_hash, now, idle_since=now - timedelta(minutes=idle_minutes)
        )
        if row is None:
            return None
        if row["last_seen_at"] < now - SEEN_EVERY:
            await session_store.note_seen(connection, token_hash, now, before=now - SEEN_EVERY)
    return session_store.principal(row)
