"""Customers as rows, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.invoicing.store.statements import Row, queries
from shared.db import Tx


async def by_id(tx: Tx, customer_id: UUID) -> Row | None:
    """Return a customer; None for an unknown one."""
    row: Row | None = await queries.customer(tx, id=customer_id)
    return row


async def lock(tx: Tx, customer_id: UUID) -> Row | None:
    """Return a customer whom nobody else changes until this transaction ends; None for an unknown one."""
    row: Row | None = await queries.lock_customer(tx, id=customer_id)
    return row


async def add(tx: Tx, customer_id: UUID, columns: Mapping[str, Any]) -> Row:
    """Add a customer; return them."""
    row: Row = await queries.add_customer(tx, id=customer_id, **columns)
    return row


async def change(tx: Tx, customer_id: UUID, columns: Mapping[str, Any]) -> Row:
    """Write all columns of a locked customer; return them."""
    row: Row = await queries.change_customer(tx, id=customer_id, **columns)
    return row
