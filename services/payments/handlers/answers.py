"""Messages of payments: states as the world hears them, ends of commands, and credit that found a bill."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Any, TypeAlias, TypeVar

from services.payments import store
from services.payments.domain import Account, Moved, Payment, Receivable, Refused
from services.payments.handlers import arrivals, links
from services.payments.office import SERVICE as SERVICE
from services.payments.store import Accounts
from shared import inbox, outbox
from shared.consumer import Handler
from shared.contracts.envelope import Command, CommandRefused, Received
from shared.contracts.payments import (
    AccountState,
    Allocation,
    MoneyMoved,
    PaymentAllocated,
    PaymentState,
    ReceivableState,
    ReceivableStatus,
)
from shared.db import Tx
from shared.outbox import Said
from shared.tracing import working_for

CONSUMER = "commands"

M = TypeVar("M", bound=MoneyMoved)
# What is said at once; the end may follow later.
Decide: TypeAlias = Callable[[Received[Any], Tx], Awaitable[list[Said]]]


def moved(kind: type[M], change: Moved, **more: Any) -> M:
    """A money event with the states as they are at this moment."""
    return kind(
        customer_id=change.account.customer_id,
        payments=tuple(payment_state(each) for each in change.payments),
        receivables=tuple(receivable_state(each) for each in change.receivables),
        account=account_state(change.account),
        **more,
    )


def payment_state(payment: Payment) -> PaymentState:
    """A payment as the world hears it."""
    return PaymentState(
        payment_id=payment.payment_id,
        customer_id=payment.customer_id,
        invoice_id=payment.invoice_id,
        amount_minor=payment.amount,
        allocated_minor=payment.allocated,
        credit_minor=payment.credit,
        currency=payment.currency,
        method=payment.method,
        paid_on=payment.paid_on,
        recorded_at=payment.recorded_at,
        recorded_by=payment.recorded_by,
        recorded_by_name=payment.recorded_by_name,
        recorded_by_id=payment.recorded_by_id,
        source=payment.source,
        operator_id=payment.operator_id,
        external_id=payment.external_id,
        reference=payment.reference,
        note=payment.note,
        reversed=payment.reversed,
        reversal_reason=payment.reversal_reason,
        reversed_at=payment.reversed_at,
        reversed_by=payment.reversed_by,
        allocations=_allocations(payment),
        version=payment.version,
    )


def _allocations(payment: Payment) -> tuple[Allocation, ...]:
    return tuple(
        Allocation(invoice_id=invoice_id, amount_minor=amount)
        for invoice_id, amount in payment.allocations.items()
    )


def receivable_state(bill: Receivable) -> ReceivableState:
    """A receivable as the world hears it."""
    return ReceivableState(
        invoice_id=bill.invoice_id,
        customer_id=bill.customer_id,
        total_minor=bill.total,
        paid_minor=bill.paid,
        balance_minor=bill.balance,
        status=_status(bill),
        version=bill.version,
    )


def account_state(account: Account) -> AccountState:
    """A customer's credit as the world hears it."""
    return AccountState(customer_id=account.customer_id, credit_minor=account.credit, version=account.version)


def _status(bill: Receivable) -> ReceivableStatus:
    if bill.voided:
        return "void"
    if bill.balance == 0:
        return "paid"
    return "partial" if bill.paid else "unpaid"


def refused(refusal: Refused, command: Received[Command]) -> Said:
    """A refusal as the end of the command, keyed as it was."""
    answer = CommandRefused(
        service=SERVICE,
        code=refusal.code,
        detail=refusal.detail,
        field=refusal.field,
        subject=command.data.key(),
    )
    return Said(answer, because=command.envelope)


def answering(decide: Decide) -> Handler:
    """Return a handler that decides each new command by itself and says its one end."""

    async def handle(received: Sequence[Received[Any]], tx: Tx) -> None:
        for command in await inbox.recognise(tx, received, CONSUMER):
            await outbox.say(tx, await end_of(command, partial(decide, command, tx)))

    return handle


async def end_of(command: Received[Any], decide: Callable[[], Awaitable[list[Said]]]) -> list[Said]:
    """Return what a decision says, or its refusal."""
    with working_for([command]):
        try:
            return await decide()
        except Refused as refusal:
            return [refused(refusal, command)]


async def save(tx: Tx, accounts: Accounts) -> list[Said]:
    """Save the accounts; new credit looks once more for bills, and what it settles is answered.

    The last locks of a transaction. Where there was credit before, whoever adds a bill locks the account.
    """
    fresh = {
        customer_id: each
        for customer_id, each in accounts.items()
        if each.credit and not each.credit_when_loaded
    }
    said: list[Said] = []
    if fresh:
        await arrivals.stop_bills(tx, fresh)
        await store.refresh_receivables(tx, fresh)
        said = settled(fresh.values())
    return said + await links.save_money(tx, accounts)


def settled(accounts: Collection[Account]) -> list[Said]:
    """Let credit settle bills; what moved."""
    changes = [each.settle() for each in accounts]
    return [Said(moved(PaymentAllocated, change)) for change in changes if change is not None]
