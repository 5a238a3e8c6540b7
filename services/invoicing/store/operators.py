"""Operators as rows."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.invoicing.store.statements import Row, queries
from shared.db import Tx


async def by_id(tx: Tx, operator_id: UUID) -> Row | None:
    """Return an operator; None for an unknown one."""
    row: Row | None = await queries.operator(tx, id=operator_id)
    return row


async def lock(tx: Tx, operator_id: UUID) -> Row | None:
    """Return an operator that nobody else changes until this transaction ends; None for an unknown one."""
    row: Row | None = await queries.lock_operator(tx, id=operator_id)
    return row


async def add(
    tx: Tx, operator_id: UUID, *, code: str, name: str, parent_id: UUID | None, path: Sequence[UUID]
) -> Row:
    """Add an operator, whose invoices are numbered from 1; return it."""
    row: Row = await queries.add_operator(
        tx, id=operator_id, code=code, name=name, parent_id=parent_id, path=path
    )
    return row


async def rename(tx: Tx, operator_id: UUID, name: str) -> Row:
    """Give an operator another name; return it."""
    row: Row = await queries.rename_operator(tx, id=operator_id, name=name)
    return row
