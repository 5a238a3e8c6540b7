"""Republishes as rows, and the rows of a subject that are said next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.payments.store.statements import Row, queries
from shared import clock
from shared.cloudevents import envelope_to_json
from shared.contracts.envelope import Received
from shared.contracts.invoicing import Republish
from shared.db import Tx
from shared.republishing import Republishes

ends = Republishes(queries)


async def start(tx: Tx, command: Received[Republish], subjects: Sequence[str]) -> None:
    """Open a republish of these subjects; asked for again, it goes on."""
    await queries.start_republish(
        tx,
        command_id=command.id,
        envelope=envelope_to_json(command.envelope),
        subjects=subjects,
        asked_at=clock.now(),
    )


async def lock_open(tx: Tx) -> Row | None:
    """Lock the oldest republish that has not ended, past one that another replica is at; return it."""
    row: Row | None = await queries.open_republish(tx)
    return row


async def advance(tx: Tx, republish: Row, *, said: int, after_id: UUID | None) -> None:
    """Note how many subjects are said, how far the next one is, and the last row of the bulk lane."""
    await queries.advance_republish(tx, command_id=republish["command_id"], said=said, after_id=after_id)


async def rows_after(tx: Tx, subject: str, after_id: UUID | None, most: int) -> list[Row]:
    """Return the next rows of a subject by its id, each as it is now; none at its end."""
    return [row async for row in _AFTER[subject](tx, after_id=after_id, most=most)]


async def customers_after(tx: Tx, after_id: UUID | None, most: int, most_states: int) -> list[UUID]:
    """Return the next customers whose money has ever moved, with so many bills and payments or one's own."""
    rows = queries.accounts_after(tx, after_id=after_id, most=most, most_states=most_states)
    return [row["customer_id"] async for row in rows]


_AFTER: Mapping[str, Any] = {
    "partners": queries.partners_after,
    "held": queries.held_after,
    "gateways": queries.gateways_after,
    "rules": queries.rules_after,
    "links": queries.links_after,
    "checkouts": queries.checkouts_after,
    "closings": queries.closings_after,
}
