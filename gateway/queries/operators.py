"""Operators within reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.problems import not_found
from gateway.queries.lists import listed
from gateway.schemas import operators as operator_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Page
from gateway.store import operators as operator_store
from gateway.store.statements import Row
from shared.db import Tx


async def tops_of(tx: Tx, principal: Principal, wanted: Sequence[UUID]) -> list[UUID] | None:
    """Return the operators whose subtrees are asked for, None when that is everything."""
    return tops_among(principal, await operators(tx, principal, wanted))


def tops_among(principal: Principal, wanted: Sequence[Row]) -> list[UUID] | None:
    """Return the ids of the operators that are asked for, None when that is everything."""
    if not wanted:
        return [principal.top] if principal.top is not None else None
    if principal.sees_all and any(row["parent_id"] is None for row in wanted):
        return None
    return [row["id"] for row in wanted]


async def operators(tx: Tx, principal: Principal, operator_ids: Sequence[UUID]) -> list[Row]:
    """Return these operators, all of them within reach, or raise 404."""
    if not operator_ids:
        return []
    rows = await operator_store.by_ids(tx, operator_ids)
    reached = [row for row in rows if principal.sees_all or principal.operator_id in row["path"]]
    if len(reached) < len(set(operator_ids)):
        raise not_found("There is no such operator.")
    return reached


async def operator(tx: Tx, principal: Principal, operator_id: UUID) -> Mapping[str, Any]:
    """An operator within reach."""
    return (await operators(tx, principal, [operator_id]))[0]


async def list_operators(
    tx: Tx, principal: Principal, page: Page, secret: str
) -> Listed[operator_schemas.OperatorShown]:
    """The operators of the caller's subtree."""
    return await listed(
        tx, "operators", operator_store.page, operator_schemas.operator, page, secret, top=principal.top
    )


async def names_above(tx: Tx, operator_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return what operators are called, whoever asks: an operator knows the names of those above it."""
    names = await operator_store.names(tx, operator_ids)
    return {UUID(operator_id): name for operator_id, name in names.items()}
