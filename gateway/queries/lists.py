"""A page of a list that goes on by the id of its last row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from gateway.schemas import cursors
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store.statements import Row
from shared.db import Tx

T = TypeVar("T")


async def listed(
    tx: Tx,
    name: str,
    read: Callable[..., Awaitable[list[Row]]],
    shape: Callable[[Row], T],
    page: Page,
    secret: str,
    key: str = "id",
    **parameters: Any,
) -> Listed[T]:
    """Return a page of a list, each row as `shape` shows it; 422 for a cursor that is not this list's."""
    after = cursors.unseal_id(secret, name, page.cursor)
    rows = await read(tx, after=after, limit=page.limit + 1, **parameters)
    shown = rows[: page.limit]
    last = cursors.seal(secret, name, str(shown[-1][key])) if len(rows) > page.limit else None
    return {"items": [shape(row) for row in shown], "next_cursor": last}
