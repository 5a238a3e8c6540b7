"""Imports: their files, their chunks and what became of each, and columns that are remembered."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.store.statements import Row, many, named
from shared import clock
from shared.contracts.envelope import Command
from shared.db import Pool, Tx, in_transaction

# Chunks of one import that travel at a time: enough to keep invoicing busy, few enough to cancel the rest.
AT_ONCE = 16
CANCELLED = "The import was cancelled before this line."


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file as it came."""

    id: UUID
    operator_id: UUID
    caller: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class NewImport:
    """An import as it begins."""

    id: UUID
    refused: Sequence[Mapping[str, Any]] = ()
    warnings: Sequence[Mapping[str, Any]] = ()
    customer_ids: Sequence[UUID] = ()
    read: int = 0
    file_id: UUID | None = None
    file_name: str = ""
    options: Mapping[str, Any] | None = None
    undoes: UUID | None = None


async def add_import(tx: Tx, new: NewImport, chunks: Mapping[UUID, Command], now: datetime) -> None:
    """Keep the import with its chunks, and send the first of them, in the bulk lane."""
    await named.add_import(
        tx,
        id=new.id,
        chunks=len(chunks),
        customer_ids=list(new.customer_ids),
        refused=list(new.refused),
        warnings=list(new.warnings),
        read=new.read,
        file_id=new.file_id,
        file_name=new.file_name,
        options=dict(new.options or {}),
        undoes=new.undoes,
        now=now,
    )
    if chunks:
        first = next(iter(chunks.values()))
        await named.add_import_chunks(
            tx,
            import_id=new.id,
            topic=first.destination(),
            key=first.key(),
            type=first.type,
            message_ids=list(chunks),
            payloads=[chunk.model_dump_json() for chunk in chunks.values()],
            now=now,
        )
        await named.send_waiting_chunks(tx, at_once=AT_ONCE, now=now)


async def send_waiting(pool: Pool) -> bool:
    """Send the next chunks of imports under way."""
    async with in_transaction(pool) as tx:
        return bool(await named.send_waiting_chunks(tx, at_once=AT_ONCE, now=clock.now()))


async def find_import(tx: Tx, import_id: UUID) -> Row | None:
    """Counts and refused lines so far, and how many chunks are still waited for."""
    row: Row | None = await named.find_import(tx, id=import_id)
    return row


async def lock_import(tx: Tx, import_id: UUID) -> Row | None:
    """An import, so that it is not cancelled and finished at once."""
    row: Row | None = await named.lock_import(tx, id=import_id)
    return row


async def cancel(tx: Tx, import_id: UUID, now: datetime) -> bool:
    """Send no more of an import; whether nothing of it is on its way any more."""
    await named.cancel_waiting_chunks(tx, id=import_id, detail=CANCELLED, now=now)
    return bool(await named.is_import_over(tx, id=import_id))


async def latest(tx: Tx, principal: Principal, limit: int) -> list[Row]:
    """The newest imports within reach."""
    return await many(named.imports_shown(tx, top=principal.top, limit=limit))


async def chunks_of(tx: Tx, import_id: UUID) -> list[UUID]:
    """The chunks of an import that changed anything."""
    return [row["message_id"] async for row in named.chunks_of_import(tx, id=import_id)]


async def undo_of(tx: Tx, import_id: UUID) -> UUID | None:
    """The undoing of an import, if it was asked for."""
    found: UUID | None = await named.undo_of_import(tx, id=import_id)
    return found


async def add_file(tx: Tx, file: File, now: datetime) -> None:
    """Keep an uploaded file; its content is compressed already."""
    await named.add_file(
        tx,
        id=file.id,
        operator_id=file.operator_id,
        caller=file.caller,
        name=file.name,
        content=file.content,
        now=now,
    )


async def find_file(tx: Tx, file_id: UUID) -> File | None:
    """An uploaded file, as long as it is kept."""
    row = await named.find_file(tx, id=file_id)
    if row is None:
        return None
    return File(row["id"], row["operator_id"], row["caller"], row["name"], row["content"])


def packed(content: bytes) -> bytes:
    """Content as it is kept."""
    return gzip.compress(content, 6)


def unpacked(content: bytes) -> bytes:
    """Content as it came; it was within the limit when it was packed."""
    return gzip.decompress(content)


async def remembered(tx: Tx, operator_id: UUID, header_key: str) -> Mapping[str, Any] | None:
    """How a file with this header was read before."""
    row = await named.remembered_mapping(tx, operator_id=operator_id, header_key=header_key)
    return row["options"] if row else None


async def remember(
    tx: Tx, operator_id: UUID, header_key: str, options: Mapping[str, Any], now: datetime
) -> None:
    """Read files with this header the same way from now on."""
    await named.remember_mapping(
        tx, operator_id=operator_id, header_key=header_key, options=dict(options), now=now
    )


async def customers_of_code_keys(tx: Tx, principal: Principal, keys: Sequence[str]) -> list[Row]:
    """Customers within reach by what their codes share."""
    rows = named.customers_of_code_keys(tx, code_keys=list(keys), top=principal.top)
    return await many(rows)


async def customers_of_mobiles(tx: Tx, principal: Principal, mobiles: Sequence[str]) -> list[Row]:
    """Customers within reach by their mobiles."""
    return await many(named.customers_of_mobiles(tx, mobiles=list(mobiles), top=principal.top))


async def undo_prospects(tx: Tx, import_id: UUID) -> Row:
    """What taking an import back would do now: whom it would close, put back, and leave."""
    row: Row = await named.undo_prospects(tx, import_id=import_id)
    return row


async def paying_since(tx: Tx, import_id: UUID) -> dict[UUID, list[UUID]]:
    """Customers whom an import made and money has come from since, by the chunk that made them."""
    return {
        row["message_id"]: row["customer_ids"] async for row in named.paying_since(tx, import_id=import_id)
    }
