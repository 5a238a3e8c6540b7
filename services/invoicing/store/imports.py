"""What an import names and changes, a statement a chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.invoicing.store.statements import Row, queries
from shared.contracts.catalog import CustomerChanged
from shared.db import Tx


async def operators_of_codes(tx: Tx, codes: Sequence[str]) -> list[Row]:
    """Return the operators of these codes, in whatever case they are written."""
    return [row async for row in queries.operators_of_codes(tx, codes=codes)]


async def every_package(tx: Tx) -> list[Row]:
    """Return all packages: what two spellings of a name share, only the reader of texts knows."""
    return [row async for row in queries.every_package(tx)]


async def lock_customers_of_codes(
    tx: Tx, import_id: UUID, code_keys: Sequence[str], scope: UUID | None
) -> list[Row]:
    """Lock the customers within a scope whose codes are spelled like these, and return them."""
    rows = queries.lock_customers_of_codes(tx, import_id=import_id, code_keys=code_keys, scope=scope)
    return [row async for row in rows]


async def lock_changes_of_chunk(tx: Tx, undoes: UUID, chunk_id: UUID, periods: Sequence[str]) -> list[Row]:
    """Return what a chunk changed, with its customers as they are now, locked."""
    rows = queries.lock_changes_of_chunk(tx, undoes=undoes, chunk_id=chunk_id, periods=periods)
    return [row async for row in rows]


async def close_undone(tx: Tx, customer_ids: Sequence[UUID]) -> list[Row]:
    """Close customers whom an import made and nobody has used; return them."""
    return [row async for row in queries.close_undone(tx, ids=customer_ids)]


async def restore_undone(tx: Tx, customers: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Write customers as they were before an import; return them."""
    return [row async for row in queries.restore_undone(tx, customers=customers)]


async def note_undone(tx: Tx, undoes: UUID, undone: Sequence[CustomerChanged]) -> None:
    """Note beside each change of an import the version in which it was taken back."""
    await queries.note_undone(
        tx,
        undoes=undoes,
        customer_ids=[each.customer_id for each in undone],
        versions=[each.version for each in undone],
    )
