"""Operators: the tree and its subtrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.store import statements
from gateway.store.statements import named
from shared.db import Tx

# A tree with more operators than this is searched, not shown.
MOST_OPERATORS = 3_000


async def names(tx: Tx, ids: Sequence[UUID]) -> dict[str, str]:
    """Names of operators."""
    return {str(row["id"]): row["name"] async for row in named.operator_names(tx, ids=list(ids))}


async def root_operator_id(tx: Tx) -> UUID | None:
    """The first of the tree, when it is known."""
    found: UUID | None = await named.operator_root(tx)
    return found


async def in_reach(tx: Tx, principal: Principal) -> list[dict[str, Any]]:
    """Every operator of the caller's subtree, for a tree."""
    rows = named.operators_in_reach(tx, top=principal.top, limit=MOST_OPERATORS)
    return [
        {
            "id": str(row["id"]),
            "code": row["code"],
            "name": row["name"],
            "parent_id": str(row["parent_id"]) if row["parent_id"] else None,
        }
        async for row in rows
    ]


async def name_of(tx: Tx, operator_id: UUID) -> str:
    """The name of one operator; empty while nobody has said it."""
    row = await statements.one(tx, "operator_by_id", id=operator_id)
    return str(row["name"]) if row else ""


async def parent_names(tx: Tx, operator_ids: Sequence[UUID]) -> dict[str, str]:
    """The name of the operator above each."""
    return {str(row["id"]): row["name"] async for row in named.parent_names(tx, ids=list(operator_ids))}


async def path_to(tx: Tx, principal: Principal, operator_id: UUID) -> list[str]:
    """Names from the top of the caller's reach down to an operator."""
    return [row["name"] async for row in named.operator_path(tx, operator_id=operator_id, top=principal.top)]
