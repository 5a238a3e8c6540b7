"""Money from the desk: recorded, taken back, paid back. Each decides on books that are locked."""

from __future__ import annotations

from datetime import datetime

from services.payments import store
from services.payments.domain import (
    Account,
    CurrencyMismatch,
    IdTaken,
    Moved,
    NotFound,
    Payment,
    RefundUnderWay,
    check_payable,
    is_within,
)
from services.payments.handlers.answers import moved
from services.payments.handlers.books import Books
from services.payments.store import Reach
from services.payments.store.refunds import Trail
from shared import clock
from shared.contracts.envelope import Actor, Message, Received
from shared.contracts.payments import (
    CreditRefunded,
    PaymentRecorded,
    PaymentReversed,
    RecordPayment,
    RefundCredit,
    RefundThroughGateway,
    ReversePayment,
)
from shared.db import Tx
from shared.outbox import Said


async def record(tx: Tx, received: Received[RecordPayment], books: Books) -> list[Said]:
    """Record a payment once, and settle what it pays."""
    command = received.data
    books.check_reach(command.customer_id, command.invoice_id, command.scope)
    account = books.accounts[command.customer_id]
    known = account.payments.get(command.payment_id) or books.payments.get(command.payment_id)
    change = _again(command, known, account) if known else _decide(command, account, books.currency)
    return [Said(moved(PaymentRecorded, change), because=received.envelope)]


def _decide(command: RecordPayment, account: Account, currency: str | None) -> Moved:
    if currency not in (None, command.currency):
        raise CurrencyMismatch
    if command.invoice_id is not None:
        check_payable(account.receivables[command.invoice_id], command.expected_balance_minor)
    return account.receive(_payment(command, clock.now()))


def _again(command: RecordPayment, known: Payment, account: Account) -> Moved:
    """The same payment sent once more is answered by what became of it."""
    same = (known.customer_id, known.invoice_id, known.amount, known.currency)
    if same != (command.customer_id, command.invoice_id, command.amount_minor, command.currency):
        raise IdTaken
    bills = (account.receivables.get(each) for each in known.allocations)
    return Moved((known,), tuple(bill for bill in bills if bill is not None), account)


def _payment(command: RecordPayment, recorded_at: datetime) -> Payment:
    return Payment(
        payment_id=command.payment_id,
        customer_id=command.customer_id,
        invoice_id=command.invoice_id,
        amount=command.amount_minor,
        currency=command.currency,
        method=command.method,
        paid_on=command.paid_on,
        recorded_at=recorded_at,
        recorded_by=command.actor.signed_as,
        recorded_by_name=command.actor.name,
        recorded_by_id=command.actor.user_id,
        source=_source(command.actor),
        reference=command.reference,
        note=command.note,
    )


def _source(actor: Actor) -> str:
    return actor.signed_as if actor.kind in ("partner", "provider") else "desk"


async def reverse(tx: Tx, received: Received[ReversePayment], books: Books) -> list[Said]:
    """Take a payment back, once."""
    command = received.data
    account = books.accounts[command.customer_id]
    payment = account.payments.get(command.payment_id)
    if payment is None or not is_theirs(payment, command, books.reach):
        raise NotFound
    if payment.payment_id in books.refunding:
        raise RefundUnderWay
    change = account.reverse(payment.payment_id, command.reason, clock.now(), command.actor.signed_as)
    return [Said(moved(PaymentReversed, change), because=received.envelope)]


def is_theirs(payment: Payment, command: ReversePayment | RefundThroughGateway, reach: Reach) -> bool:
    """A payment is the customer's operator's, and the issuer's of the bill that it named."""
    paths = [reach.customers.get(payment.customer_id)]
    if payment.invoice_id is not None:
        paths.append(reach.invoices.get(payment.invoice_id, (None, None))[1])
    return any(is_within(path, command.scope) for path in paths)


async def refund(tx: Tx, received: Received[RefundCredit], books: Books) -> list[Said]:
    """Pay credit back, once."""
    command = received.data
    books.check_reach(command.customer_id, None, command.scope)
    return [Said(await _refund(tx, command, books.accounts[command.customer_id]), because=received.envelope)]


async def _refund(tx: Tx, command: RefundCredit, account: Account) -> Message:
    known = await store.refunds.by_id(tx, command.refund_id)
    if known is None:
        change = account.refund(command.amount_minor)
        trail = _trail(command, clock.now())
        await store.refunds.save(tx, command.customer_id, trail)
        return moved(CreditRefunded, change, **trail)
    if (known["customer_id"], known["amount_minor"]) != (command.customer_id, command.amount_minor):
        raise IdTaken
    said_before = {name: value for name, value in known.items() if name != "customer_id"}
    return moved(CreditRefunded, Moved((), (), account), **said_before)


def _trail(command: RefundCredit, refunded_at: datetime) -> Trail:
    return {
        "refund_id": command.refund_id,
        "amount_minor": command.amount_minor,
        "reason": command.reason,
        "refunded_by": command.actor.signed_as,
        "refunded_at": refunded_at,
        "provider": None,
    }
