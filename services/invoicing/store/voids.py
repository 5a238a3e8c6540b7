"""Voids that wait for what payments has to say, as rows."""

from __future__ import annotations

from uuid import UUID

from services.invoicing.store.statements import Row, queries
from shared import clock
from shared.db import Tx


async def lock_ripe(tx: Tx) -> list[Row]:
    """Lock the voids whose wait is over, and return them."""
    return [row async for row in queries.ripe_voids(tx, now=clock.now())]


async def forget(tx: Tx, command_id: UUID) -> None:
    """Take away a void that is decided."""
    await queries.forget_void(tx, command_id=command_id)
