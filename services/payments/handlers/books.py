"""What a batch of the desk's commands is decided on: everything of it, loaded under the locks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.payments import store
from services.payments.domain import NotFound, Payment, is_within
from services.payments.store import Accounts, Reach, Row, queries
from shared.contracts.envelope import Received
from shared.contracts.payments import (
    PlaceHeldPayment,
    RecordPayment,
    RefundCredit,
    RejectHeldPayment,
    ReversePayment,
)
from shared.db import Tx
from shared.outbox import Said


@dataclass(slots=True)
class Books:
    """Locked accounts and held money, payments made before, who reaches what; receipts that are due."""

    accounts: Accounts
    payments: dict[UUID, Payment]
    held: dict[UUID, Row]
    reach: Reach
    currency: str | None
    receipts: list[Said] = field(default_factory=list)

    def check_reach(self, customer_id: UUID, invoice_id: UUID | None, scope: UUID | None) -> None:
        """Raise `NotFound` for what is not the customer's, or outside the caller's scope."""
        if not _is_reached(self.reach, customer_id, invoice_id, scope):
            raise NotFound


def _is_reached(reach: Reach, customer_id: UUID, invoice_id: UUID | None, scope: UUID | None) -> bool:
    if invoice_id is not None:
        owner_id, path = reach.invoices.get(invoice_id, (None, None))
        return owner_id == customer_id and is_within(path, scope)
    return customer_id in reach.customers and is_within(reach.customers[customer_id], scope)


def is_heard_of(command: RecordPayment, reach: Reach) -> bool:
    """Whether what a payment is for is known, and its operator; they may still be on their way."""
    if command.invoice_id is not None:
        known = reach.invoices.get(command.invoice_id)
        return known is not None and (known[1] is not None or command.scope is None)
    known_path = reach.customers.get(command.customer_id)
    return command.customer_id in reach.customers and (known_path is not None or command.scope is None)


async def reach_of(tx: Tx, commands: Sequence[Received[Any]]) -> Reach:
    """Whose the bills and customers are that commands name, those of payments to take back included."""
    named = [each.data for each in commands if not isinstance(each.data, RejectHeldPayment)]
    bills = {each.invoice_id for each in named if isinstance(each, RecordPayment | PlaceHeldPayment)}
    taken_back = [each.payment_id for each in named if isinstance(each, ReversePayment)]
    if taken_back:
        earlier = await store.payments_by_id(tx, taken_back)
        bills |= {each.invoice_id for each in earlier.values()}
    return await store.reach_of(
        tx,
        invoice_ids={each for each in bills if each is not None},
        customer_ids={each.customer_id for each in named},
    )


async def open_books(tx: Tx, commands: Sequence[Received[Any]], reach: Reach) -> Books:
    """Lock and load what the commands touch: accounts first, in one go, then held money."""
    data = [each.data for each in commands]
    taking_back = {each.customer_id for each in data if isinstance(each, ReversePayment)}
    recorded = [each.payment_id for each in data if isinstance(each, RecordPayment)]
    bills = {each.invoice_id for each in data if isinstance(each, RecordPayment | PlaceHeldPayment)}
    accounts = await store.lock_accounts(tx, _customers(data, reach), whole=taking_back)
    held = await _lock_held(tx, data)
    await store.include_receivables(tx, accounts, {each for each in bills if each is not None})
    earlier = await store.payments_by_id(tx, recorded) if recorded else {}
    return Books(accounts, earlier, held, reach, await store.installation_currency(tx))


def _customers(data: Sequence[Any], reach: Reach) -> Collection[UUID]:
    """Those whose money may move; nothing is opened for money that is out of reach."""
    customers: set[UUID] = set()
    for each in data:
        if isinstance(each, RecordPayment | PlaceHeldPayment | RefundCredit):
            invoice_id = None if isinstance(each, RefundCredit) else each.invoice_id
            if _is_reached(reach, each.customer_id, invoice_id, each.scope):
                customers.add(each.customer_id)
        elif isinstance(each, ReversePayment):
            customers.add(each.customer_id)
    return customers


async def _lock_held(tx: Tx, data: Sequence[Any]) -> dict[UUID, Row]:
    held_ids = {each.held_id for each in data if isinstance(each, PlaceHeldPayment | RejectHeldPayment)}
    if not held_ids:
        return {}
    return {row["held_id"]: row async for row in queries.lock_held(tx, held_ids=list(held_ids))}
