"""Reading as somebody: row-level security is told in one place what the reader reaches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog

from gateway.access import Principal
from gateway.store.statements import named
from shared.db import Pool, Tx, in_transaction


@asynccontextmanager
async def acting_as(pool: Pool, principal: Principal) -> AsyncIterator[Tx]:
    """A transaction that sees what the principal may see, and nothing else."""
    structlog.contextvars.bind_contextvars(operator=str(principal.operator_id))
    async with in_transaction(pool) as tx:
        await see_as(tx, principal)
        yield tx


async def see_as(tx: Tx, principal: Principal) -> None:
    """Tell this transaction what its reader reaches."""
    await named.see_as(tx, top=principal.top)


async def reaches(tx: Tx, principal: Principal, operator_id: UUID | None) -> bool:
    """Whether the operator lies in the subtree; what belongs to nobody is the root's."""
    if principal.top is None or operator_id == principal.top:
        return True
    if operator_id is None:
        return False
    return bool(await named.is_below(tx, operator_id=operator_id, top=principal.top))


async def see_everything(tx: Tx) -> None:
    """For a page that names the one customer it is about by an unguessable address."""
    await named.see_as(tx, top=None)


async def see_subtree(tx: Tx, top: UUID) -> None:
    """For what is said to an operator's own systems."""
    await named.see_as(tx, top=top)
