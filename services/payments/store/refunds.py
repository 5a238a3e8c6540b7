"""Refunds as rows: what stays of each, and the way back through the gateways that took the money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from services.payments.store.statements import Row, queries
from shared import clock
from shared.cloudevents import envelope_to_json
from shared.contracts.envelope import Received
from shared.db import Pool, Tx


class Trail(TypedDict):
    """The trail of a refund: how much, why, by whom, when, through whom; None: by hand."""

    refund_id: UUID
    amount_minor: int
    reason: str
    refunded_by: str
    refunded_at: datetime
    provider: str | None


class Queued(TypedDict):
    """A refund that a sender is to carry out: of a payment's charge, or held money's."""

    checkout_id: UUID
    charge_id: str
    payment_id: UUID | None
    held_id: UUID | None
    customer_id: UUID
    amount_minor: int


async def save(tx: Tx, customer_id: UUID, trail: Trail) -> None:
    """Add what stays of a refund."""
    await queries.save_refund(tx, customer_id=customer_id, **trail)


async def by_id(tx: Tx, refund_id: UUID) -> Row | None:
    """Return what stays of a refund, and whose it is; None for an unknown one."""
    row: Row | None = await queries.refund(tx, refund_id=refund_id)
    return row


async def through_gateway(tx: Tx, refund_id: UUID) -> Row | None:
    """Return a refund that goes or went through a gateway, in whatever state; None for an unknown one."""
    row: Row | None = await queries.gateway_refund(tx, refund_id=refund_id)
    return row


async def under_way(tx: Tx, payment_ids: Sequence[UUID], held_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the payments and of the held money that are on their way back."""
    rows = queries.refunds_under_way(tx, payment_ids=payment_ids, held_ids=held_ids)
    return {row["payment_id"] or row["held_id"] async for row in rows}


async def charge_of(tx: Tx, payment_id: UUID) -> Row | None:
    """Return the charge that a payment came by, which it would go back to; None for one of another kind."""
    row: Row | None = await queries.checkout_of_payment(tx, payment_id=payment_id)
    return row


async def queue(tx: Tx, received: Received[Any], queued: Queued) -> None:
    """Put a refund in line for a sender, with the command that it ends."""
    await queries.queue_refund(
        tx,
        refund_id=received.data.refund_id,
        reason=received.data.reason,
        command=received.data.model_dump(mode="json"),
        envelope=envelope_to_json(received.envelope),
        now=clock.now(),
        **queued,
    )


async def lock(tx: Tx, refund_id: UUID) -> Row:
    """Return a refund that nobody else changes until this transaction ends."""
    row: Row = await queries.lock_gateway_refund(tx, refund_id=refund_id)
    return row


async def is_anothers(tx: Tx, refund: Row, provider_id: str) -> bool:
    """Return whether the provider means an earlier refund of the same charge."""
    return bool(
        await queries.is_refund_of_another(
            tx, refund_id=refund["refund_id"], checkout_id=refund["checkout_id"], provider_id=provider_id
        )
    )


async def end(tx: Tx, refund_id: UUID, state: str, *, provider_id: str | None, detail: str | None) -> None:
    """Take a refund out of the line: it is done, or has failed."""
    await queries.end_gateway_refund(
        tx, refund_id=refund_id, state=state, provider_id=provider_id, detail=detail
    )


async def went_through(tx: Tx, refund_id: UUID, external_id: str) -> Row:
    """Note the provider's id of a refund; return what stays of it."""
    row: Row = await queries.refund_went_through(tx, refund_id=refund_id, external_id=external_id)
    return row


async def failed(tx: Tx, refund_id: UUID) -> None:
    """Take away what stays of a refund: the money never went."""
    await queries.refund_failed(tx, refund_id=refund_id)


async def claim(pool: Pool) -> Row | None:
    """Take the next refund that is due; None when none is."""
    row: Row | None = await queries.claim_refund(pool, now=clock.now())
    return row


async def begin(pool: Pool, refund_id: UUID) -> bool:
    """Take the one turn to send a refund; False where it was taken before, and may only be asked about."""
    return bool(await queries.begin_refund(pool, refund_id=refund_id, now=clock.now()))


async def ask_later(
    pool: Pool, refund_id: UUID, next_look_at: datetime, provider_id: str | None, detail: str
) -> None:
    """Put a refund back until it is asked about again."""
    await queries.ask_refund_later(
        pool, refund_id=refund_id, next_look_at=next_look_at, provider_id=provider_id, detail=detail
    )
