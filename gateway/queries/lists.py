"""A page of a list that goes on by the id of its last row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from gateway.schemas import cursors
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import statements
from shared.db import Tx

T = TypeVar("T")


async def listed(
    tx: Tx,
    statement: str,
    shape: Callable[[statements.Row], T],
    page: Page,
    secret: str,
    key: str = "id",
    **parameters: Any,
) -> Listed[T]:
    """Return a page of what a statement reads, each row as `shape` shows it; 422 for a spoilt cursor."""
    after = cursors.unseal_id(secret, statement, page.cursor)
    rows = await statements.many(tx, statement, after=after, limit=page.limit + 1, **parameters)
    shown = rows[: page.limit]
    last = cursors.seal(secret, statement, str(shown[-1][key])) if len(rows) > page.limit else None
    return {"items": [shape(row) for row in shown], "next_cursor": last}
