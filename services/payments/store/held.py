"""Money that waits for its place, as rows: held, looked for, placed and rejected."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from services.payments.store.statements import Row, queries
from shared.db import Tx


@dataclass(frozen=True, slots=True)
class HeldPayment:
    """Money that came in and has no place yet, or has left: for whom it was, from whom, and why it waits.

    `payment_id` is its sender's own id, `our_payment_id` that of the payment that it became.
    """

    held_id: UUID
    source: str
    payment_id: str
    operator_id: UUID | None
    amount_minor: int
    currency: str
    method: str
    paid_on: date
    reason: str
    received_at: datetime
    invoice_id: UUID | None = None
    invoice_number: str | None = None
    customer_code: str | None = None
    payer_reference: str | None = None
    partner_name: str | None = None
    event_id: str | None = None
    customer_id: UUID | None = None
    checkout_id: UUID | None = None
    state: str = "held"
    our_payment_id: UUID | None = None
    rejection_reason: str | None = None
    version: int = 1


_FIELDS = tuple(each.name for each in fields(HeldPayment))


def held_of(row: Row) -> HeldPayment:
    """Return a row as held money."""
    return HeldPayment(**{name: row[name] for name in _FIELDS})


async def hold(tx: Tx, money: Sequence[HeldPayment]) -> None:
    """Hold money that partners sent, by one statement."""
    if money:
        columns = {name: [getattr(each, field) for each in money] for name, field in _FROM_PARTNERS.items()}
        await queries.hold_payments(tx, **columns)


_FROM_PARTNERS = {
    "held_ids": "held_id", "sources": "source", "partner_names": "partner_name", "payment_ids": "payment_id",
    "event_ids": "event_id", "operator_ids": "operator_id", "amounts": "amount_minor",
    "currencies": "currency", "invoice_ids": "invoice_id", "invoice_numbers": "invoice_number",
    "customer_codes": "customer_code", "methods": "method", "paid_on": "paid_on",
    "payer_references": "payer_reference", "reasons": "reason", "received_at": "received_at",
}  # fmt: skip


async def hold_charge(tx: Tx, charge: HeldPayment) -> None:
    """Hold what a provider took for a checkout."""
    await queries.hold_charge(
        tx,
        held_id=charge.held_id,
        source=charge.source,
        external_id=charge.payment_id,
        operator_id=charge.operator_id,
        amount_minor=charge.amount_minor,
        currency=charge.currency,
        invoice_id=charge.invoice_id,
        method=charge.method,
        paid_on=charge.paid_on,
        reference=charge.payer_reference,
        reason=charge.reason,
        now=charge.received_at,
        customer_id=charge.customer_id,
        checkout_id=charge.checkout_id,
    )


async def is_any_waiting_for_a_bill(tx: Tx) -> bool:
    """Return whether any money waits for a bill, which is cheaper to ask than for which ones."""
    return bool(await queries.is_money_waiting_for_bills(tx))


async def waiting_for_bills(tx: Tx, whose: Mapping[UUID | str, UUID]) -> dict[UUID, list[UUID]]:
    """Return the money that waits for bills, by their customers; `whose` has these by ids and by numbers."""
    ids = [name for name in whose if isinstance(name, UUID)]
    numbers = [name for name in whose if isinstance(name, str)]
    waiting: dict[UUID, list[UUID]] = {}
    async for row in queries.held_for_bills(tx, invoice_ids=ids, numbers=numbers):
        customer_id = whose[row["invoice_id"] or row["invoice_number"]]
        waiting.setdefault(customer_id, []).append(row["held_id"])
    return waiting


async def waiting_for_customers(tx: Tx, codes: Collection[str]) -> set[UUID]:
    """Return the money that waits for customers with these codes; one look when none waits for anybody."""
    if not await queries.is_money_waiting_for_customers(tx):
        return set()
    return {row["held_id"] async for row in queries.held_for_customers(tx, codes=list(codes))}


async def waiting_after(tx: Tx, after_id: UUID | None, most: int) -> list[UUID]:
    """Return the next of all the money that is held, but that of paused partners."""
    return [row["held_id"] async for row in queries.still_held_after(tx, after_id=after_id, most=most)]


async def by_ids(tx: Tx, held_ids: Collection[UUID]) -> list[HeldPayment]:
    """Return held money as it is, without a lock."""
    if not held_ids:
        return []
    return [held_of(row) async for row in queries.held_by_ids(tx, held_ids=list(held_ids))]


async def lock(tx: Tx, held_ids: Collection[UUID]) -> list[HeldPayment]:
    """Lock held money in the order of its ids, placed and rejected too; its accounts are locked before it."""
    if not held_ids:
        return []
    return [held_of(row) async for row in queries.lock_held(tx, held_ids=list(held_ids))]


async def wait_for_another_reason(tx: Tx, held_id: UUID, reason: str) -> HeldPayment:
    """Let locked money wait for another reason; return it."""
    return held_of(await queries.give_held_another_reason(tx, held_id=held_id, reason=reason))


async def place(tx: Tx, held_id: UUID, our_payment_id: UUID) -> HeldPayment:
    """Let locked money leave by the payment that it became; return it."""
    left = await queries.leave_held(
        tx, held_id=held_id, state="placed", our_payment_id=our_payment_id, rejection_reason=None
    )
    return held_of(left)


async def reject(tx: Tx, held_id: UUID, reason: str) -> HeldPayment:
    """Let locked money leave for a reason that its sender learns; return it."""
    left = await queries.leave_held(
        tx, held_id=held_id, state="rejected", our_payment_id=None, rejection_reason=reason
    )
    return held_of(left)
