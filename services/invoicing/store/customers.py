"""Customers as rows, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.invoicing.store.statements import Row, queries
from shared.contracts.catalog import ERASED_WORDS, erased_name
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


async def owe_anything(tx: Tx, customer_id: UUID) -> bool:
    """Return whether a customer has an invoice that is not paid, as far as is known here."""
    return bool(await queries.owes_anything(tx, customer_id=customer_id))


async def erase(tx: Tx, customer_id: UUID, code: str, now: datetime) -> Row:
    """Take away who a locked customer is; return what stays, and forget how imports found them."""
    row: Row = await queries.erase_customer(tx, id=customer_id, name=erased_name(code), now=now)
    await queries.forget_what_imports_changed(tx, customer_id=customer_id)
    return row


async def erase_from_invoices(tx: Tx, customer_id: UUID) -> list[Row]:
    """Let a customer's invoices name a code, in the order of their ids; return them."""
    rows = queries.erase_from_invoices(tx, customer_id=customer_id, words=ERASED_WORDS)
    return sorted([row async for row in rows], key=lambda row: row["id"])
