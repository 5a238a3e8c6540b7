"""Checkouts as rows: opened at a provider, heard of, asked about, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.payments.store.statements import Row, queries
from shared import clock
from shared.db import Connection, Pool, Tx
from shared.telemetry import current_traceparent


async def by_id(tx: Tx | Pool, checkout_id: UUID) -> Row | None:
    """Return a checkout; None for an unknown one."""
    row: Row | None = await queries.checkout(tx, checkout_id=checkout_id)
    return row


async def by_reference(pool: Pool, reference: str) -> Row | None:
    """Return the checkout of a reference; None where it is none of ours."""
    row: Row | None = await queries.checkout_by_reference(pool, reference=reference)
    return row


async def customer_of(tx: Tx, checkout_id: UUID) -> UUID:
    """Return whose a checkout is, whose account is locked before it."""
    customer_id: UUID = (await queries.checkout(tx, checkout_id=checkout_id))["customer_id"]
    return customer_id


async def lock(tx: Tx, checkout_id: UUID) -> Row | None:
    """Return a checkout that nobody else changes until this transaction ends; None for an unknown one.

    The account of its customer is locked before it.
    """
    row: Row | None = await queries.lock_checkout(tx, checkout_id=checkout_id)
    return row


async def lock_known(tx: Tx, checkout_id: UUID) -> Row:
    """Lock a checkout that there is, and return it."""
    row: Row = await queries.lock_checkout(tx, checkout_id=checkout_id)
    return row


async def is_charge_known(tx: Tx, source: str, external_id: str) -> bool:
    """Return whether a provider's charge is a payment or held already, whatever checkout it was said of."""
    return await queries.charge_known(tx, source=source, external_id=external_id) is not None


async def newest_of_bills(connection: Connection | Tx, invoice_ids: Sequence[UUID]) -> Row | None:
    """Return the newest checkout for any of the bills."""
    row: Row | None = await queries.newest_checkout(connection, invoice_ids=invoice_ids)
    return row


async def with_checkout_under_way(tx: Tx, invoice_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the bills that somebody may be paying at this moment."""
    return {row["invoice_id"] async for row in queries.pending_checkouts(tx, invoice_ids=invoice_ids)}


async def open_new(tx: Tx, checkout: Mapping[str, Any]) -> Row | None:
    """Add a checkout that is to be opened; None where one of this link and amount is open already."""
    row: Row | None = await queries.open_checkout(tx, **checkout, traceparent=current_traceparent())
    return row


async def opened(tx: Tx, checkout: Row, provider_id: str | None, redirect_url: str) -> Row:
    """Note what the provider calls a checkout, and where its page is; return it."""
    row: Row = await queries.checkout_opened(
        tx,
        checkout_id=checkout["checkout_id"],
        provider_id=provider_id,
        redirect_url=redirect_url,
        ends_at=checkout["ends_at"],
    )
    return row


async def reusable(pool: Pool, link_id: UUID, gateway_id: UUID, amount_minor: int) -> Row | None:
    """Return the open checkout of a link, gateway and amount."""
    row: Row | None = await queries.reusable_checkout(
        pool, link_id=link_id, gateway_id=gateway_id, amount_minor=amount_minor
    )
    return row


async def give_up_reuse(pool: Pool, checkout_id: UUID) -> None:
    """Let another checkout take the place of one that has had no page for too long."""
    await queries.give_up_reuse(pool, checkout_id=checkout_id)


async def end_paid(tx: Tx, checkout_id: UUID, external_id: str, payment_id: UUID) -> Row:
    """End a checkout by the payment that its charge became; return it."""
    return await _end(tx, checkout_id, "paid", external_id=external_id, payment_id=payment_id)


async def end_held(tx: Tx, checkout_id: UUID, external_id: str, held_id: UUID, problem: str) -> Row:
    """End a checkout whose charge is held for a person; return it."""
    return await _end(tx, checkout_id, "held", external_id=external_id, held_id=held_id, problem=problem)


async def end_unpaid(tx: Tx, checkout_id: UUID, state: str, problem: str | None) -> Row:
    """End a checkout that nothing was paid at, as far as anybody knows; return it."""
    return await _end(tx, checkout_id, state, problem=problem)


async def _end(
    tx: Tx,
    checkout_id: UUID,
    state: str,
    *,
    external_id: str | None = None,
    problem: str | None = None,
    payment_id: UUID | None = None,
    held_id: UUID | None = None,
) -> Row:
    row: Row = await queries.end_checkout(
        tx,
        checkout_id=checkout_id,
        state=state,
        external_id=external_id,
        problem=problem,
        payment_id=payment_id,
        held_id=held_id,
    )
    return row


async def note_held(tx: Tx, checkout_id: UUID, held_id: UUID) -> None:
    """Note that another charge of a checkout is held, while it goes on waiting for its own or is paid."""
    await queries.note_held(tx, checkout_id=checkout_id, held_id=held_id)


async def ask_now(tx: Tx, checkout_id: UUID) -> Row:
    """Have a locked checkout asked about at once, though nobody knew what became of it; return it."""
    row: Row = await queries.look_now(
        tx, checkout_id=checkout_id, now=clock.now(), traceparent=current_traceparent()
    )
    return row


async def claim(pool: Pool) -> Row | None:
    """Take the next checkout that is to be asked about, for a minute; None when none is due."""
    row: Row | None = await queries.claim_checkout(pool, now=clock.now())
    return row


async def begin_execution(pool: Pool, checkout_id: UUID) -> bool:
    """Take the one turn to carry a checkout out; False where it was taken before."""
    return bool(await queries.begin_execution(pool, checkout_id=checkout_id, now=clock.now()))


async def forget_execution(pool: Pool, checkout_id: UUID) -> None:
    """Give the turn back: the provider refused it as too early."""
    await queries.forget_execution(pool, checkout_id=checkout_id)


async def look_later(
    pool: Pool,
    checkout: Row,
    *,
    next_look_at: datetime,
    began_at: datetime,
    now: datetime,
    problem: str | None,
) -> None:
    """Put a checkout back until the next look; what was heard since `began_at` is looked at next."""
    await queries.look_later(
        pool,
        checkout_id=checkout["checkout_id"],
        next_look_at=next_look_at,
        began_at=began_at,
        now=now,
        problem=problem,
        left=checkout["state"] == "opening",
    )


async def hear_again(tx: Tx, checkout_id: UUID, hint: str | None) -> None:
    """Have a checkout asked about now, one that was given up too."""
    await queries.hear_again(
        tx, checkout_id=checkout_id, now=clock.now(), hint=hint, traceparent=current_traceparent()
    )


async def came_back(pool: Pool, checkout_id: UUID, *, left: bool, execute: bool, hint: str | None) -> None:
    """Note that the customer is back from the provider, and have the checkout asked about now."""
    await queries.came_back(
        pool,
        checkout_id=checkout_id,
        now=clock.now(),
        left=left,
        execute=execute,
        hint=hint,
        traceparent=current_traceparent(),
    )


async def keep_callback(tx: Tx, callback: Mapping[str, Any], outcome: str) -> bool:
    """Keep what a provider called; False where the same event was heard before."""
    return bool(await queries.keep_callback(tx, **callback, outcome=outcome))
