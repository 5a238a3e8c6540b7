"""Rows of a statement by its name; the statements are in `sql/`, a noun a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from shared.db import Tx, statements

named = statements(__file__)

Row: TypeAlias = Mapping[str, Any]


async def one(tx: Tx, statement: str, **parameters: Any) -> Row | None:
    """Return the row of a named statement that answers one."""
    row: Row | None = await getattr(named, statement)(tx, **parameters)
    return row


async def many(tx: Tx, statement: str, **parameters: Any) -> list[Row]:
    """Return the rows of a named statement."""
    return [row async for row in getattr(named, statement)(tx, **parameters)]


async def value(tx: Tx, statement: str, **parameters: Any) -> Any:
    """Return the value of a named statement."""
    return await getattr(named, statement)(tx, **parameters)


async def do(tx: Tx, statement: str, **parameters: Any) -> None:
    """Run a named statement that answers nothing."""
    await getattr(named, statement)(tx, **parameters)
