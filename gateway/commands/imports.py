"""Imports: customers from a file, in chunks of the bulk lane; cancelled, and taken back as one action."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, known_operation, signature, wait
from gateway.problems import Problem, not_found
from gateway.queries import billing_settings as settings_queries
from gateway.queries import imports as import_queries
from gateway.queries.imports import Preview
from gateway.schemas import import_columns
from gateway.schemas.import_tables import Table
from gateway.schemas.imports import Options, Reading, read_customers
from gateway.store import imports as import_store
from gateway.store import operations as operation_store
from gateway.store.access import acting_as, reaches
from gateway.store.imports import File, NewImport
from gateway.store.operations import Operation
from shared import clock
from shared.contracts import catalog
from shared.contracts.envelope import Command
from shared.db import Tx
from shared.ids import new_id


async def look(gateway: Gateway, principal: Principal, table: Table, options: Options) -> Preview:
    """Return what an import would do, and write nothing."""
    principal.must("change-customers")
    async with acting_as(gateway.pool, principal) as tx:
        place = await settings_queries.place(tx)
    reading = await asyncio.to_thread(read_customers, table, place, options)
    return await import_queries.preview(gateway.pool, principal, reading, options)


async def keep_file(gateway: Gateway, principal: Principal, name: str, content: bytes) -> UUID:
    """Keep an uploaded file while somebody decides how it is to be read."""
    kept = File(
        new_id(),
        principal.operator_id,
        principal.caller,
        name,
        await asyncio.to_thread(import_store.packed, content),
    )
    async with acting_as(gateway.pool, principal) as tx:
        await import_store.add_file(tx, kept, clock.now())
    return kept.id


async def import_customers(
    gateway: Gateway,
    principal: Principal,
    table: Table,
    options: Options,
    file: File,
    key: Key | None,
) -> Outcome:
    """Take a customers file; always 202, its operation tells what became of each line."""
    seen = await look(gateway, principal, table, options)
    operation_id = new_id()
    chunks = await asyncio.to_thread(_chunks, principal, operation_id, seen.reading, options)
    async with acting_as(gateway.pool, principal) as tx:
        known = await known_operation(tx, principal, key, operation_id) if key else None
        if known is not None:
            return Outcome(known, 202)
        await _begin(tx, principal, operation_id, seen, chunks, options, file)
    return Outcome(operation_id, 202)


async def _begin(
    tx: Tx,
    principal: Principal,
    import_id: UUID,
    seen: Preview,
    chunks: Mapping[UUID, Command],
    options: Options,
    file: File,
) -> None:
    reading, now = seen.reading, clock.now()
    await _keep(tx, principal, import_id, "import", bool(chunks), {"about": file.name[:200]})
    if await import_store.find_file(tx, file.id) is None:
        await import_store.add_file(tx, file, now)
    new = NewImport(
        id=import_id,
        refused=reading.refused,
        warnings=seen.warnings,
        customer_ids=[line.customer_id for line in reading.lines],
        read=reading.read,
        file_id=file.id,
        file_name=file.name,
        options=options.body(),
    )
    await import_store.add_import(tx, new, chunks, now)
    if options.columns is not None and reading.layout is not None:
        header = import_columns.mapping_key(reading.layout.names)
        await import_store.remember(tx, principal.operator_id, header, options.body(), now)


def _chunks(principal: Principal, import_id: UUID, reading: Reading, options: Options) -> dict[UUID, Command]:
    """Return the commands of an import by their ids, each with lines enough for one transaction."""
    return {
        new_id(): catalog.ImportCustomers(
            import_id=import_id,
            lines=tuple(lines),
            twins=options.twins,
            defaults=reading.defaults,
            **signature(principal),
        )
        for lines in reading.chunks()
    }


async def _keep(
    tx: Tx, principal: Principal, operation_id: UUID, kind: str, pending: bool, facts: Mapping[str, Any]
) -> None:
    operation = Operation(
        operation_id,
        kind,
        operation_id,
        principal.operator_id,
        principal.caller,
        state="pending" if pending else "completed",
        facts={"from": principal.address, **facts},
    )
    await operation_store.add(tx, operation, None, clock.now())


async def found_import(tx: Tx, principal: Principal, import_id: UUID) -> Operation:
    """Return the operation of an import within reach; 404 otherwise."""
    operation = await operation_store.find(tx, import_id)
    if operation is None or operation.kind != "import":
        raise not_found("There is no such import.")
    if not await reaches(tx, principal, operation.operator_id):
        raise not_found("There is no such import.")
    return operation


async def cancel(gateway: Gateway, principal: Principal, import_id: UUID) -> Outcome:
    """Send no more of an import; its lines that were not sent are told as refused."""
    principal.must("change-customers")
    async with acting_as(gateway.pool, principal) as tx:
        await found_import(tx, principal, import_id)
        await import_store.lock_import(tx, import_id)
        now = clock.now()
        if await import_store.cancel(tx, import_id, now):
            await operation_store.complete(tx, [import_id], now)
    return Outcome(import_id, 202)


async def undo(gateway: Gateway, principal: Principal, import_id: UUID) -> Outcome:
    """Take an import back: what it changed goes back, what it made and nobody has used is closed. Once."""
    principal.must("change-customers")
    undo_id = new_id()
    with gateway.waiters.waiting_for(undo_id) as ended:
        async with acting_as(gateway.pool, principal) as tx:
            operation = await found_import(tx, principal, import_id)
            await import_store.lock_import(tx, import_id)
            before = await import_store.undo_of(tx, import_id)
            if before is None:
                await _begin_undo(tx, principal, operation, undo_id)
        if before is None:
            return await wait(gateway, principal, undo_id, ended)
    with gateway.waiters.waiting_for(before) as ended:
        return await wait(gateway, principal, before, ended)


async def _begin_undo(tx: Tx, principal: Principal, operation: Operation, undo_id: UUID) -> None:
    found = await import_store.find_import(tx, operation.id)
    if found is None or found["file_id"] is None:
        raise Problem(409, "cannot-be-undone", "This import can no longer be taken back.")
    if operation.state == "pending":
        raise Problem(409, "still-running", "The import is still running; cancel it first.")
    if await import_store.find_file(tx, found["file_id"]) is None:
        raise Problem(409, "cannot-be-undone", "An import can be taken back for 30 days.")
    paying = await import_store.paying_since(tx, operation.id)
    chunks: dict[UUID, Command] = {
        new_id(): catalog.UndoImport(
            import_id=undo_id,
            undoes=operation.id,
            chunk_id=chunk_id,
            paying=tuple(paying.get(chunk_id, ())),
            **signature(principal),
        )
        for chunk_id in await import_store.chunks_of(tx, operation.id)
    }
    await _keep(tx, principal, undo_id, "import-undone", bool(chunks), {"about": found["file_name"][:200]})
    new = NewImport(id=undo_id, undoes=operation.id, file_name=found["file_name"])
    await import_store.add_import(tx, new, chunks, clock.now())
