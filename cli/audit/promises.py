"""The promises, and one look at whether they hold."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import NamedTuple

import asyncpg

from gateway.projection.audits import Progress
from shared import clock, db

# So many rows of one promise are named; the oldest come first, so that every look sees the same ones.
MOST_ROWS = 10_000

_queries = db.statements(__file__)
NAMES: tuple[str, ...] = tuple(
    sorted(name.replace("_", "-") for name in _queries.available_queries if not name.endswith("_cursor"))
)


class Broken(NamedTuple):
    """A row that breaks a promise: what it should say, and what it says."""

    promise: str
    relation: str
    id: str
    expected: str
    found: str


@asynccontextmanager
async def reading(database_url: str) -> AsyncIterator[db.Connection]:
    """A connection that reads every schema and can write to none."""
    settings = {
        "application_name": "ispbills audit",
        "default_transaction_read_only": "on",
        "timezone": "UTC",
        "work_mem": "256MB",
        "jit": "off",
    }
    connection = await asyncpg.connect(database_url, server_settings=settings, command_timeout=600)
    try:
        yield connection
    finally:
        await connection.close()


async def look(
    connection: db.Connection, names: Iterable[str] = NAMES, progress: Progress | None = None
) -> set[Broken]:
    """The rows that break these promises right now; `progress` is told of each promise that was looked at.

    Each statement has a snapshot of its own: none is held long enough to be in anybody's way.
    """
    await connection.execute("SELECT set_config('ispbills.now', $1, FALSE)", clock.now().isoformat())
    seen: set[Broken] = set()
    for name in names:
        seen.update(await _broken(connection, name))
        if progress is not None:
            progress.looked += 1
            progress.suspected = len(seen)
    return seen


async def _broken(connection: db.Connection, name: str) -> list[Broken]:
    statement = getattr(_queries, name.replace("-", "_")).sql
    rows = await connection.fetch(
        f"SELECT relation, id, expected, found FROM ({statement}) AS broken ORDER BY id LIMIT {MOST_ROWS}"
    )
    return [Broken(name, *(str(value) for value in row.values())) for row in rows]
