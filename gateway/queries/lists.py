"""A page of a list that goes on by the id of its last row."""

from __future__ import annotations

from typing import Any

from gateway.schemas import cursors
from gateway.schemas.fields import Body
from gateway.schemas.filters import Page
from gateway.store import statements
from shared.db import Tx


async def listed(
    tx: Tx, statement: str, shape: Any, page: Page, secret: str, key: str = "id", **parameters: Any
) -> Body:
    after = cursors.unseal_id(secret, statement, page.cursor)
    rows = await statements.many(tx, statement, after=after, limit=page.limit + 1, **parameters)
    shown = rows[: page.limit]
    last = cursors.seal(secret, statement, str(shown[-1][key])) if len(rows) > page.limit else None
    return {"items": [shape(row) for row in shown], "next_cursor": last}
