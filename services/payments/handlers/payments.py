"""Money from the desk: recorded, taken back, paid back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.payments import store
from services.payments.domain import (
    Account,
    AmountTooLarge,
    CurrencyMismatch,
    IdTaken,
    Moved,
    NotFound,
    Payment,
    Refused,
    check_payable,
    is_within,
)
from services.payments.handlers import answers
from services.payments.handlers.answers import CONSUMER, moved, refused
from services.payments.store import Accounts, Reach, queries
from shared import clock, inbox, outbox
from shared.contracts.envelope import MONEY_MAX, Actor, Message, Received
from shared.contracts.payments import (
    CreditRefunded,
    PaymentRecorded,
    PaymentReversed,
    RecordPayment,
    RefundCredit,
    ReversePayment,
)
from shared.db import Tx
from shared.outbox import Said


async def record_payments(received: Sequence[Received[RecordPayment]], tx: Tx) -> None:
    """Record each payment once, and settle what it pays; one for a bill not heard of yet waits for it."""
    new = await inbox.recognise(tx, received, CONSUMER)
    if new:
        await outbox.say(tx, await record(tx, new))


async def record(tx: Tx, commands: Sequence[Received[RecordPayment]], *, final: bool = False) -> list[Said]:
    """Decide on payments under the lock of their accounts; with `final`, nothing is left to wait."""
    invoice_ids = {each.data.invoice_id for each in commands if each.data.invoice_id}
    reach = await store.reach_of(
        tx, invoice_ids=invoice_ids, customer_ids={each.data.customer_id for each in commands}
    )
    said: list[Said] = []
    ready: list[Received[RecordPayment]] = []
    for each in commands:
        try:
            if _is_reached(each.data, reach) or final:
                _check_reach(each.data, reach)
                ready.append(each)
            else:
                await store.park_command(tx, each, clock.now())
        except Refused as refusal:
            said.append(refused(refusal, each))
    return said + await _receive(tx, ready, invoice_ids)


def _is_reached(command: RecordPayment, reach: Reach) -> bool:
    """Whether what the payment is for has been heard of; its invoice or customer may still be on its way."""
    if command.invoice_id is not None:
        known = reach.invoices.get(command.invoice_id)
        return known is not None and (known[1] is not None or command.scope is None)
    return command.customer_id in reach.customers


def _check_reach(command: RecordPayment, reach: Reach) -> None:
    if command.invoice_id is not None:
        customer_id, path = reach.invoices.get(command.invoice_id, (None, None))
        if customer_id != command.customer_id or not is_within(path, command.scope):
            raise NotFound
    elif command.customer_id not in reach.customers or not is_within(
        reach.customers[command.customer_id], command.scope
    ):
        raise NotFound


async def _receive(tx: Tx, commands: Sequence[Received[RecordPayment]], invoice_ids: set[UUID]) -> list[Said]:
    accounts = await store.lock_accounts(tx, {each.data.customer_id for each in commands})
    await store.include_receivables(tx, accounts, invoice_ids)
    earlier = await store.payments_by_id(tx, {each.data.payment_id for each in commands})
    currency = await store.installation_currency(tx)
    said: list[Said] = []
    for each in commands:
        account = accounts[each.data.customer_id]
        known = account.payments.get(each.data.payment_id) or earlier.get(each.data.payment_id)
        try:
            change = _again(each.data, known, account) if known else _decide(each.data, account, currency)
            said.append(Said(moved(PaymentRecorded, change), because=each.envelope))
        except Refused as refusal:
            said.append(refused(refusal, each))
    return said + await answers.save(tx, accounts)


def _decide(command: RecordPayment, account: Account, currency: str | None) -> Moved:
    if currency not in (None, command.currency):
        raise CurrencyMismatch
    if account.credit + command.amount_minor > MONEY_MAX:
        raise AmountTooLarge
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
        recorded_by=command.actor.name,
        source=_source(command.actor),
        reference=command.reference,
        note=command.note,
    )


def _source(actor: Actor) -> str:
    return f"{actor.kind}:{actor.name}" if actor.kind in ("partner", "provider") else "desk"


async def reverse_payments(received: Sequence[Received[ReversePayment]], tx: Tx) -> None:
    """Take payments back, each once."""
    new = await inbox.recognise(tx, received, CONSUMER)
    payments = await store.payments_by_id(tx, {each.data.payment_id for each in new})
    customers = {each.customer_id for each in payments.values()}
    bills = {each.invoice_id for each in payments.values() if each.invoice_id}
    reach = await store.reach_of(tx, invoice_ids=bills, customer_ids=customers)
    accounts = await store.lock_accounts(tx, customers, whole=True)
    said: list[Said] = []
    for each in new:
        try:
            payment = payments.get(each.data.payment_id)
            if payment is None or not _is_theirs(payment, each.data, reach):
                raise NotFound
            change = accounts[payment.customer_id].reverse(
                payment.payment_id, each.data.reason, clock.now(), each.data.actor.name
            )
            said.append(Said(moved(PaymentReversed, change), because=each.envelope))
        except Refused as refusal:
            said.append(refused(refusal, each))
    await outbox.say(tx, said + await answers.save(tx, accounts))


def _is_theirs(payment: Payment, command: ReversePayment, reach: Reach) -> bool:
    """A payment is the customer's operator's, and the issuer's of the bill that it named."""
    paths = [reach.customers.get(payment.customer_id)]
    if payment.invoice_id is not None:
        paths.append(reach.invoices.get(payment.invoice_id, (None, None))[1])
    within = any(is_within(path, command.scope) for path in paths)
    return payment.customer_id == command.customer_id and within


async def refund_credit(received: Sequence[Received[RefundCredit]], tx: Tx) -> None:
    """Pay credit back, each refund once."""
    new = await inbox.recognise(tx, received, CONSUMER)
    customers = {each.data.customer_id for each in new}
    reach = await store.reach_of(tx, invoice_ids=(), customer_ids=customers)
    reached = customers & set(reach.customers)
    accounts = await store.lock_accounts(tx, reached)
    said: list[Said] = []
    for each in new:
        try:
            path = reach.customers.get(each.data.customer_id)
            if each.data.customer_id not in reached or not is_within(path, each.data.scope):
                raise NotFound
            said.append(Said(await _refund(tx, each.data, accounts), because=each.envelope))
        except Refused as refusal:
            said.append(refused(refusal, each))
    await outbox.say(tx, said + await answers.save(tx, accounts))


async def _refund(tx: Tx, command: RefundCredit, accounts: Accounts) -> Message:
    account = accounts[command.customer_id]
    known = await queries.refund(tx, refund_id=command.refund_id)
    if known is None:
        change = account.refund(command.amount_minor)
        known = {
            "refund_id": command.refund_id,
            "customer_id": command.customer_id,
            "amount_minor": command.amount_minor,
            "reason": command.reason,
            "refunded_by": command.actor.name,
            "refunded_at": clock.now(),
        }
        await queries.save_refund(tx, **known)
    elif (known["customer_id"], known["amount_minor"]) != (command.customer_id, command.amount_minor):
        raise IdTaken
    else:
        change = Moved((), (), account)
    facts = {name: value for name, value in dict(known).items() if name != "customer_id"}
    return moved(CreditRefunded, change, **facts)
