"""What waits for somebody's word: held money, and attempts and messages whose end nobody knows."""

from __future__ import annotations

from uuid import UUID

from gateway.store.statements import Row, many, named, one
from shared.db import Tx


async def by_id(tx: Tx, held_id: UUID) -> Row | None:
    """Return money that waits, or has left the waiting room."""
    return await one(named.held_payment_by_id(tx, id=held_id))


async def page(tx: Tx, *, state: str, after: UUID | None, limit: int) -> list[Row]:
    """Return money in this state, from the one after `after`."""
    return await many(named.held_payments(tx, state=state, after=after, limit=limit))


async def counts(tx: Tx) -> Row | None:
    """Return how much waits of each kind: `held`, `checkouts`, `messages`."""
    return await one(named.needs_a_person(tx))


async def unknown_checkouts(tx: Tx, limit: int) -> list[Row]:
    """Return attempts to pay of which no provider says how they ended."""
    return await many(named.unknown_checkouts(tx, limit=limit))


async def unknown_messages(tx: Tx, limit: int) -> list[Row]:
    """Return messages of which no provider says whether they were sent."""
    return await many(named.unknown_messages(tx, limit=limit))


async def checkout(tx: Tx, checkout_id: UUID) -> Row | None:
    """Return an attempt to pay within the reader's reach."""
    return await one(named.checkout_by_id(tx, id=checkout_id))


async def by_currency(tx: Tx) -> list[Row]:
    """Return how much waits in each currency."""
    return await many(named.held_by_currency(tx))
