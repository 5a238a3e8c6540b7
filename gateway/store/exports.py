"""Whole lists for files, read portion by portion, so that no transaction stays open while a file is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from gateway.access import Principal
from gateway.store.access import acting_as
from gateway.store.statements import Row, many, named
from shared.db import Pool

ROWS_AT_ONCE = 1_000


def customers(pool: Pool, principal: Principal, **wanted: Any) -> AsyncIterator[Row]:
    """Return the customers of a filter (`queries.customers.selected`)."""
    return _stream(pool, principal, named.customers_exported, **wanted)


def runs(pool: Pool, principal: Principal) -> AsyncIterator[Row]:
    """Return every billing run."""
    return _stream(pool, principal, named.runs_exported)


def held_payments(pool: Pool, principal: Principal, state: str | None) -> AsyncIterator[Row]:
    """Return held money in a state, or all that ever was held."""
    return _stream(pool, principal, named.held_payments_exported, state=state)


async def _stream(
    pool: Pool, principal: Principal, portion: Callable[..., AsyncIterator[Row]], **parameters: Any
) -> AsyncIterator[Row]:
    """Return every row of a list that goes on by the id of its last row, within the principal's reach."""
    after = None
    while True:
        async with acting_as(pool, principal) as tx:
            rows = await many(portion(tx, after=after, limit=ROWS_AT_ONCE, **parameters))
        for row in rows:
            yield row
        if len(rows) < ROWS_AT_ONCE:
            return
        after = rows[-1]["id"]
