"""Imports: customers from a file, in chunks of the bulk lane."""

from __future__ import annotations

import asyncio

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, known_operation, signature
from gateway.queries import billing_settings as settings_queries
from gateway.schemas.imports import read_customers
from gateway.store import imports as import_store
from gateway.store import operations as operation_store
from gateway.store.access import acting_as
from gateway.store.operations import Operation
from shared import clock
from shared.contracts import catalog
from shared.ids import new_id


async def import_customers(gateway: Gateway, principal: Principal, raw: bytes, key: Key | None) -> Outcome:
    """Take a customers file; always 202, its operation tells what became of each line."""
    principal.must("change-customers")
    operation_id = new_id()
    async with acting_as(gateway.pool, principal) as tx:
        place = await settings_queries.place(tx)
    reading = await asyncio.to_thread(read_customers, raw, place)
    async with acting_as(gateway.pool, principal) as tx:
        known = await known_operation(tx, principal, key, operation_id) if key else None
        if known is not None:
            return Outcome(known, 202)
        chunks = {
            new_id(): catalog.ImportCustomers(
                import_id=operation_id, lines=tuple(lines), **signature(principal)
            )
            for lines in reading.chunks()
        }
        operation = Operation(
            operation_id,
            "import",
            operation_id,
            principal.operator_id,
            principal.caller,
            state="pending" if chunks else "completed",
            facts={"from": principal.address},
        )
        await operation_store.add(tx, operation, None, clock.now())
        await import_store.add_import(tx, operation_id, chunks, reading, clock.now())
    return Outcome(operation_id, 202)
