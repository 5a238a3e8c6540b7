"""Imports in chunks, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.schemas.imports import Reading
from gateway.store.statements import named
from shared.contracts.catalog import ImportCustomers
from shared.db import Tx


async def add_import(
    tx: Tx,
    import_id: UUID,
    chunks: Mapping[UUID, ImportCustomers],
    reading: Reading,
    now: datetime,
) -> None:
    """Keep the import and send its chunks, in the bulk lane."""
    ids = [line.customer_id for chunk in chunks.values() for line in chunk.lines]
    await named.add_import(
        tx,
        id=import_id,
        chunks=len(chunks),
        customer_ids=ids,
        refused=reading.refused,
        warnings=reading.warnings,
        now=now,
    )
    if chunks:
        first = next(iter(chunks.values()))
        await named.add_import_chunks(
            tx,
            import_id=import_id,
            topic=first.destination(),
            key=first.key(),
            type=first.type,
            message_ids=list(chunks),
            payloads=[chunk.model_dump_json() for chunk in chunks.values()],
            now=now,
        )


async def find_import(tx: Tx, import_id: UUID) -> Mapping[str, Any] | None:
    """Counts and refused lines so far, and how many chunks are still waited for."""
    row: Mapping[str, Any] | None = await named.find_import(tx, id=import_id)
    return row
