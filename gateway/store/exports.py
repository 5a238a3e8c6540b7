"""Whole lists for files, read portion by portion, so that no transaction stays open while a file is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple
from uuid import UUID

from gateway.access import Principal
from gateway.store.access import acting_as
from gateway.store.customer_pages import pages
from gateway.store.statements import Row, many, named
from shared.db import Pool

ROWS_AT_ONCE = 1_000


def customers(pool: Pool, principal: Principal, **wanted: Any) -> AsyncIterator[Row]:
    """Return the customers of a filter (`queries.customers.selected`)."""
    return _stream(pool, principal, pages.customers_exported, **wanted)


def runs(pool: Pool, principal: Principal) -> AsyncIterator[Row]:
    """Return every billing run."""
    return _stream(pool, principal, named.runs_exported)


def held_payments(pool: Pool, principal: Principal, state: str | None) -> AsyncIterator[Row]:
    """Return held money in a state, or all that ever was held."""
    return _stream(pool, principal, named.held_payments_exported, state=state)


def bulk_items(pool: Pool, principal: Principal, action_id: UUID, state: str | None) -> AsyncIterator[Row]:
    """Return the items of a bulk action in the order of its page: what failed comes first."""
    portion, start = named.bulk_item_page, Start("place", 0)
    return _stream(pool, principal, portion, start, action_id=action_id, state=state)


class Start(NamedTuple):
    """The column by which a list goes on, and what is before its first row."""

    column: str
    after: Any


BY_ID = Start("id", None)


async def _stream(
    pool: Pool,
    principal: Principal,
    portion: Callable[..., AsyncIterator[Row]],
    start: Start = BY_ID,
    **parameters: Any,
) -> AsyncIterator[Row]:
    """Return every row of a list that goes on by its last row, within the principal's reach."""
    after = start.after
    while True:
        async with acting_as(pool, principal) as tx:
            rows = await many(portion(tx, after=after, limit=ROWS_AT_ONCE, **parameters))
        for row in rows:
            yield row
        if len(rows) < ROWS_AT_ONCE:
            return
        after = rows[-1][start.column]
