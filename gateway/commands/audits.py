"""Asking for an audit of the installation's promises."""

from __future__ import annotations

from gateway.access import Principal
from gateway.context import Gateway
from gateway.store import audits as audit_store
from gateway.store.access import acting_as
from shared import clock
from shared.ids import new_id


async def ask(gateway: Gateway, principal: Principal) -> None:
    """Ask for an audit, where a process can audit; while one is under way, that one stands."""
    principal.must("operate")
    async with acting_as(gateway.pool, principal) as tx:
        await audit_store.end_abandoned(tx, clock.now())
        if await audit_store.auditor_was_heard(tx):
            await audit_store.ask(tx, new_id(), principal.email, clock.now())
