"""Who waits for a lock: how a test knows that what it began has come so far."""

from __future__ import annotations

import asyncpg

_WAITING = """
SELECT EXISTS (SELECT
                 FROM pg_locks
                 JOIN pg_stat_activity AS session USING (pid)
                WHERE NOT granted AND session.datname = current_database()
                  AND ($1::text IS NULL OR locktype = $1))
"""


async def is_waited_for(connection: asyncpg.Connection[asyncpg.Record], kind: str | None = None) -> bool:
    """Whether a session of this database waits for a lock, or for one of a `locktype` of pg_locks."""
    return bool(await connection.fetchval(_WAITING, kind))
