"""The end of a checkout: exactly one payment, money held for a person, or nothing."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.payments import store
from services.payments.domain import AmountTooLarge, Charge, NotFound, NotOpen, Payment, hold_reason
from services.payments.handlers import answers, held
from services.payments.handlers.answers import moved
from services.payments.handlers.messages import say_with_receipts
from services.payments.store import Accounts, Row
from services.payments.store.held import HeldPayment
from shared import clock, outbox
from shared.contracts.envelope import Received
from shared.contracts.payments import (
    CheckoutChanged,
    CheckoutStatus,
    PaymentHeld,
    PaymentRecorded,
    SettleCheckout,
)
from shared.db import Tx
from shared.ids import new_id
from shared.outbox import Said

NAMES = {"bkash": "bKash", "sslcommerz": "SSLCommerz", "stripe": "Stripe", "sandbox": "Test payments"}


def checkout_changed(row: Row) -> CheckoutChanged:
    """A checkout as the world hears it; one that is being opened is open."""
    names = (
        "checkout_id", "link_id", "invoice_id", "customer_id", "operator_id", "provider", "reference",
        "amount_minor", "currency", "external_id", "problem", "created_at", "version",
    )  # fmt: skip
    state: CheckoutStatus = "open" if row["state"] == "opening" else row["state"]
    further = tuple(row["further_invoice_ids"])
    return CheckoutChanged(**{name: row[name] for name in names}, further_invoice_ids=further, state=state)


async def charged(tx: Tx, checkout_id: UUID, charge: Charge) -> None:
    """Record what a provider took for a checkout, or hold it; the same charge again changes nothing.

    The account is locked first, then the checkout.
    """
    accounts = await store.lock_accounts(tx, {await store.checkouts.customer_of(tx, checkout_id)})
    row = await store.checkouts.lock_known(tx, checkout_id)
    if await store.checkouts.is_charge_known(tx, f"provider:{row['provider']}", charge.external_id):
        return
    reason = hold_reason(row["amount_minor"], row["currency"], charge)
    if row["payment_id"] is not None:
        if row["provider"] == "sandbox" and reason is None:
            return  # its callbacks are the charges: the same reference is the same money
        reason = reason or "charged-twice"
    said = await _record(tx, row, charge, accounts) if reason is None else None
    if said is None:
        reason = reason or AmountTooLarge.code
        said = await _hold(tx, row, charge, reason)
    await say_with_receipts(tx, said + await answers.save(tx, accounts))


async def _record(tx: Tx, row: Row, charge: Charge, accounts: Accounts) -> list[Said] | None:
    """The payment, whatever its bills owe by now; None where it would be more than can be counted."""
    bills = (row["invoice_id"], *row["further_invoice_ids"])
    await store.include_receivables(tx, accounts, bills)
    payment = await _payment(tx, row, charge)
    try:
        change = accounts[row["customer_id"]].receive(payment, bills)
    except AmountTooLarge:
        return None
    ended = await store.checkouts.end_paid(tx, row["checkout_id"], charge.external_id, payment.payment_id)
    return [Said(moved(PaymentRecorded, change)), Said(checkout_changed(ended))]


async def _payment(tx: Tx, row: Row, charge: Charge) -> Payment:
    source, now = f"provider:{row['provider']}", clock.now()
    return Payment(
        payment_id=new_id(),
        customer_id=row["customer_id"],
        invoice_id=_only_bill(row),
        amount=charge.amount,
        currency=charge.currency,
        method=row["provider"],
        paid_on=now.astimezone(await zone_of(tx)).date(),
        recorded_at=now,
        recorded_by=source,
        recorded_by_name=NAMES[row["provider"]],
        source=source,
        external_id=charge.external_id,
        reference=row["reference"],
    )


def _only_bill(row: Row) -> UUID | None:
    """The bill that was paid for; None for several, as for any sum of money that is for more than one."""
    invoice_id: UUID = row["invoice_id"]
    return None if row["further_invoice_ids"] else invoice_id


async def zone_of(tx: Any) -> Any:
    """The billing zone."""
    return ZoneInfo((await store.installation(tx)).time_zone)


async def _hold(tx: Tx, row: Row, charge: Charge, reason: str) -> list[Said]:
    kept = _held_charge(row, charge, reason, clock.now(), await zone_of(tx))
    await store.held.hold_charge(tx, kept)
    said = [Said(held.held_state(PaymentHeld, kept))]
    # Money of another amount does not use a reference of the sandbox up.
    if row["provider"] == "sandbox" or row["payment_id"] is not None:
        await store.checkouts.note_held(tx, row["checkout_id"], kept.held_id)
        return said
    problem = reason if charge.risk is None else f"{reason}: {charge.risk}"
    ended = await store.checkouts.end_held(tx, row["checkout_id"], charge.external_id, kept.held_id, problem)
    return [*said, Said(checkout_changed(ended))]


def _held_charge(row: Row, charge: Charge, reason: str, now: datetime, zone: tzinfo) -> HeldPayment:
    return HeldPayment(
        held_id=new_id(),
        source=f"provider:{row['provider']}",
        payment_id=charge.external_id,
        operator_id=row["operator_id"],
        amount_minor=charge.amount,
        currency=charge.currency,
        invoice_id=_only_bill(row),
        method=row["provider"],
        paid_on=now.astimezone(zone).date(),
        payer_reference=row["reference"],
        reason=reason,
        received_at=now,
        customer_id=row["customer_id"],
        checkout_id=row["checkout_id"],
    )


async def ended(tx: Tx, checkout_id: UUID, state: str, problem: str | None) -> None:
    """Nothing was paid, or nobody knows; money that comes all the same is taken nevertheless."""
    row = await store.checkouts.lock_known(tx, checkout_id)
    if row["state"] not in ("opening", "open"):
        return
    row = await store.checkouts.end_unpaid(tx, checkout_id, state, problem)
    await outbox.say(tx, [Said(checkout_changed(row))])


async def settle_by_staff(command: Received[SettleCheckout], tx: Tx) -> list[Said]:
    """Ask a checkout's provider at once, or give the checkout up, as a person says."""
    row = await _settled(tx, command.data)
    return [Said(checkout_changed(row), because=command.envelope)]


async def _settled(tx: Tx, command: SettleCheckout) -> Row:
    row = await store.checkouts.lock(tx, command.checkout_id)
    if row is None or row["customer_id"] != command.customer_id:
        raise NotFound
    path = await store.operators.path(tx, row["operator_id"])
    if command.scope is not None and command.scope not in (path or ()):
        raise NotFound
    if row["state"] not in ("opening", "open", "unknown"):
        raise NotOpen
    if command.action == "ask":
        return await store.checkouts.ask_now(tx, command.checkout_id)
    given_up = f"given up by {command.actor.signed_as}"
    return await store.checkouts.end_unpaid(tx, command.checkout_id, "failed", given_up)
