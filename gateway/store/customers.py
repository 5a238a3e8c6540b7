"""Customers, payments, runs and the catalogue as they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from shared.db import Tx, statements

_queries = statements(__file__)

Row: TypeAlias = Mapping[str, Any]


async def one(tx: Tx, statement: str, **parameters: Any) -> Row | None:
    """The row of a statement of `sql/desk.sql` that answers one."""
    row: Row | None = await getattr(_queries, statement)(tx, **parameters)
    return row


async def many(tx: Tx, statement: str, **parameters: Any) -> list[Row]:
    """The rows of a statement of `sql/desk.sql`."""
    return [row async for row in getattr(_queries, statement)(tx, **parameters)]


async def subtree(tx: Tx, operator_ids: Sequence[UUID]) -> list[UUID]:
    """These operators and everyone below them."""
    return [row["id"] for row in await many(tx, "subtree", operator_ids=list(operator_ids))]


async def sellers(tx: Tx, operator_id: UUID) -> list[UUID]:
    """Whose packages an operator may sell or see: its subtree's and those of everyone above it."""
    return [row["id"] for row in await many(tx, "sellers", operator_id=operator_id)]


async def root_operator_id(tx: Tx) -> UUID | None:
    """The first of the tree, when it is known."""
    found: UUID | None = await _queries.operator_root(tx)
    return found
