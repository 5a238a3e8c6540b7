"""Money on its way back through the gateway that took it: asked for here, carried out by a sender."""

from __future__ import annotations

from uuid import UUID

from services.payments import store
from services.payments.domain import IdTaken, Moved, NotFound, NotRefundable, RefundUnderWay
from services.payments.handlers import answers, held
from services.payments.handlers.answers import moved
from services.payments.handlers.books import Books
from services.payments.handlers.payments import is_theirs
from services.payments.office import SERVICE, Office
from services.payments.store import Row
from services.payments.store.refunds import Queued, Trail
from shared import clock
from shared.cloudevents import envelope_from_json
from shared.contracts.envelope import CommandRefused, Envelope, Received
from shared.contracts.payments import (
    CreditRefunded,
    HeldPaymentRejected,
    RefundFailed,
    RefundHeldPayment,
    RefundStarted,
    RefundThroughGateway,
)
from shared.db import Tx
from shared.outbox import Said


async def start(
    tx: Tx, received: Received[RefundThroughGateway], books: Books, _office: Office
) -> list[Said]:
    """Take the amount out of the customer's money and queue its way back; a sender ends the command."""
    command = received.data
    charge = _charge_to_refund(command, books)
    account = books.accounts[command.customer_id]
    change = account.refund_payment(command.payment_id, command.amount_minor)
    trail: Trail = {
        "refund_id": command.refund_id,
        "amount_minor": command.amount_minor,
        "reason": command.reason,
        "refunded_by": command.actor.signed_as,
        "refunded_at": clock.now(),
        "provider": charge["provider"],
    }
    await store.refunds.save(tx, command.customer_id, trail)
    queued: Queued = {
        "checkout_id": charge["checkout_id"],
        "charge_id": charge["charge_id"],
        "payment_id": command.payment_id,
        "held_id": None,
        "customer_id": command.customer_id,
        "amount_minor": command.amount_minor,
    }
    await store.refunds.queue(tx, received, queued)
    books.refunding.add(command.payment_id)
    return [Said(moved(RefundStarted, change, payment_id=command.payment_id, **trail))]


def _charge_to_refund(command: RefundThroughGateway, books: Books) -> Row:
    """Return the charge that a payment came by; raises what stands against paying it back."""
    _check_new(books, command.refund_id, command.payment_id)
    payment = books.accounts[command.customer_id].payments.get(command.payment_id)
    if payment is None or not is_theirs(payment, command, books.reach):
        raise NotFound
    if command.payment_id in books.refunding:
        raise RefundUnderWay
    charge = books.charges.get(command.payment_id)
    if charge is None:
        raise NotRefundable
    return charge


async def start_of_held(
    tx: Tx, received: Received[RefundHeldPayment], books: Books, _office: Office
) -> list[Said]:
    """Queue held money's way back; it stays held until the provider has answered."""
    command = received.data
    _check_new(books, command.refund_id, command.held_id)
    money = await held.still_held(tx, command, books)
    checkout = await store.checkouts.by_id(tx, money.checkout_id) if money.checkout_id else None
    if checkout is None:
        raise NotRefundable
    queued: Queued = {
        "checkout_id": checkout["checkout_id"],
        "charge_id": money.payment_id,
        "payment_id": None,
        "held_id": command.held_id,
        "customer_id": checkout["customer_id"],
        "amount_minor": money.amount_minor,
    }
    await store.refunds.queue(tx, received, queued)
    books.refunding.add(command.held_id)
    return []


def _check_new(books: Books, refund_id: UUID, subject_id: UUID) -> None:
    """Raise for a refund that was asked for before under another command."""
    known = books.refunds.get(refund_id)
    if known is not None:
        raise RefundUnderWay if subject_id == (known["payment_id"] or known["held_id"]) else IdTaken


async def finish(tx: Tx, refund_id: UUID, external_id: str) -> list[Said]:
    """The provider has paid back: say so, once."""
    row = await store.refunds.lock(tx, refund_id)
    if row["state"] not in ("queued", "sending"):
        return []
    if await store.refunds.is_anothers(tx, row, external_id):
        return []  # an earlier refund of the same charge and amount, seen again
    await store.refunds.end(tx, refund_id, "done", provider_id=external_id, detail=None)
    because = envelope_from_json(row["envelope"])
    if row["held_id"] is not None:
        return await _let_go(tx, row, because)
    refund = await store.refunds.went_through(tx, refund_id, external_id)
    payments = await store.payments_by_id(tx, [row["payment_id"]])
    accounts = await store.read_accounts(tx, [row["customer_id"]])
    change = Moved(tuple(payments.values()), (), accounts[row["customer_id"]])
    return [Said(moved(CreditRefunded, change, **dict(refund)), because=because)]


async def _let_go(tx: Tx, row: Row, because: Envelope) -> list[Said]:
    reason = f"refunded: {row['reason']}"
    left = await store.held.reject(tx, row["held_id"], reason)
    return [Said(held.held_state(HeldPaymentRejected, left, rejection_reason=reason), because=because)]


async def fail(tx: Tx, refund_id: UUID, customer_id: UUID, code: str, detail: str) -> list[Said]:
    """The provider did not pay back: what was on its way is credit again, and the command is refused."""
    accounts = await store.lock_accounts(tx, {customer_id}, whole={customer_id})
    row = await store.refunds.lock(tx, refund_id)
    if row["state"] not in ("queued", "sending"):
        return []
    await store.refunds.end(tx, refund_id, "failed", provider_id=None, detail=detail)
    refusal = CommandRefused(service=SERVICE, code=code, detail=detail, subject=str(customer_id))
    said = [Said(refusal, because=envelope_from_json(row["envelope"]))]
    if row["payment_id"] is not None:
        change = accounts[customer_id].take_back_refund(row["payment_id"], row["amount_minor"])
        await store.refunds.failed(tx, refund_id)
        failed = moved(
            RefundFailed,
            change,
            refund_id=refund_id,
            payment_id=row["payment_id"],
            amount_minor=row["amount_minor"],
            detail=detail,
        )
        said.append(Said(failed))
    return said + await answers.save(tx, accounts)
