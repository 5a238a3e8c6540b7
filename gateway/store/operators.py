"""Operators: the tree and its subtrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.store.statements import Row, many, named, one
from shared.db import Tx

# A tree with more operators than this is searched, not shown.
MOST_OPERATORS = 3_000


async def by_id(tx: Tx, operator_id: UUID) -> Row | None:
    """Return an operator, whoever asks."""
    return await one(named.operator_by_id(tx, id=operator_id))


async def by_ids(tx: Tx, ids: Sequence[UUID]) -> list[Row]:
    """Return operators, whoever asks."""
    return await many(named.operators_by_id(tx, ids=list(ids)))


async def by_code(tx: Tx, code: str) -> Row | None:
    """Return the operator with this code; there is one at most in the installation."""
    return await one(named.operator_by_code(tx, code=code))


async def page(tx: Tx, *, top: UUID | None, after: UUID | None, limit: int) -> list[Row]:
    """Return operators of a subtree, from the one after `after`."""
    return await many(named.operators(tx, top=top, after=after, limit=limit))


async def names(tx: Tx, ids: Sequence[UUID]) -> dict[str, str]:
    """Names of operators."""
    return {str(row["id"]): row["name"] async for row in named.operator_names(tx, ids=list(ids))}


async def root_operator_id(tx: Tx) -> UUID | None:
    """The first of the tree, when it is known."""
    found: UUID | None = await named.operator_root(tx)
    return found


async def in_reach(tx: Tx, principal: Principal) -> list[dict[str, Any]]:
    """Every operator of the caller's subtree, for a tree."""
    rows = await of_subtree(tx, principal.top, MOST_OPERATORS)
    return [
        {
            "id": str(row["id"]),
            "code": row["code"],
            "name": row["name"],
            "parent_id": str(row["parent_id"]) if row["parent_id"] else None,
        }
        for row in rows
    ]


async def of_subtree(tx: Tx, top: UUID | None, limit: int) -> list[Row]:
    """Return every operator below `top`, itself included."""
    return await many(named.operators_in_reach(tx, top=top, limit=limit))


async def name_of(tx: Tx, operator_id: UUID) -> str:
    """The name of one operator; empty while nobody has said it."""
    row = await by_id(tx, operator_id)
    return str(row["name"]) if row else ""


async def parent_names(tx: Tx, operator_ids: Sequence[UUID]) -> dict[str, str]:
    """The name of the operator above each."""
    return {str(row["id"]): row["name"] async for row in named.parent_names(tx, ids=list(operator_ids))}


async def path_to(tx: Tx, principal: Principal, operator_id: UUID) -> list[str]:
    """Names from the top of the caller's reach down to an operator."""
    return [row["name"] async for row in named.operator_path(tx, operator_id=operator_id, top=principal.top)]
