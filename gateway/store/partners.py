"""Partners: systems that send payments."""

from __future__ import annotations

from uuid import UUID

from gateway.store.statements import Row, many, named, one
from shared.db import Tx


async def by_id(tx: Tx, partner_id: UUID) -> Row | None:
    """Return a partner within the reader's reach."""
    return await one(named.partner_by_id(tx, id=partner_id))


async def by_name(tx: Tx, name: str) -> Row | None:
    """Return the partner with this name."""
    return await one(named.partner_by_name(tx, name=name))


async def page(tx: Tx, *, after: UUID | None, limit: int) -> list[Row]:
    """Return partners within the reader's reach, from the one after `after`."""
    return await many(named.partners(tx, after=after, limit=limit))
