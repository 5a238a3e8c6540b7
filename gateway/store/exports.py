"""Whole lists for files, read portion by portion, so that no transaction stays open while a file is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from gateway.access import Principal
from gateway.store import statements
from gateway.store.access import acting_as
from gateway.store.statements import Row
from shared.db import Pool

ROWS_AT_ONCE = 1_000


async def stream(pool: Pool, principal: Principal, statement: str, **parameters: Any) -> AsyncIterator[Row]:
    """Every row of a list that goes on by the id of its last row, within the principal's reach."""
    after = None
    while True:
        async with acting_as(pool, principal) as tx:
            rows = await statements.many(tx, statement, after=after, limit=ROWS_AT_ONCE, **parameters)
        for row in rows:
            yield row
        if len(rows) < ROWS_AT_ONCE:
            return
        after = rows[-1]["id"]
