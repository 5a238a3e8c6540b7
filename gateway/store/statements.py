"""The statements of the store by their names, which the functions of each noun call; they are in `sql/`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import Any, TypeAlias

from shared.db import statements

named = statements(__file__)

Row: TypeAlias = Mapping[str, Any]


async def one(row: Awaitable[Row | None]) -> Row | None:
    """Return the row of a statement that answers at most one."""
    return await row


async def many(rows: AsyncIterator[Row]) -> list[Row]:
    """Return the rows of a statement that answers any number."""
    return [row async for row in rows]
