"""The books that a batch of the desk's commands is decided on: everything of it, loaded under the locks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.payments import store
from services.payments.domain import NotFound, Payment, is_within
from services.payments.store import Accounts, Reach, Row
from services.payments.store.held import HeldPayment
from shared.contracts.envelope import Envelope, Received
from shared.contracts.payments import (
    CreatePaymentLink,
    PlaceHeldPayment,
    RecordPayment,
    RefundCredit,
    RefundHeldPayment,
    RefundThroughGateway,
    RejectHeldPayment,
    ReversePayment,
)
from shared.db import Tx
from shared.outbox import Said


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that is to be made, and why."""

    link_id: UUID
    invoice_id: UUID
    customer_id: UUID
    language: str
    has_message: bool
    because: Envelope | None = None
    further_invoice_ids: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, command: CreatePaymentLink, because: Envelope) -> NewLink:
        """The link that a command asks for."""
        further = command.further_invoice_ids
        return cls(
            command.link_id, command.invoice_id, command.customer_id, command.language,
            command.send_sms and not further, because, further,
        )  # fmt: skip


@dataclass(slots=True)
class Books:
    """Locked accounts and held money, payments made before, who reaches what; receipts that are due."""

    accounts: Accounts
    payments: dict[UUID, Payment]
    held: dict[UUID, HeldPayment]
    reach: Reach
    currency: str | None
    tells: bool  # customers, of their payments
    receipts: list[Said] = field(default_factory=list)
    links: dict[UUID, Row] = field(default_factory=dict)
    new_links: list[NewLink] = field(default_factory=list)
    facts: Mapping[UUID, Row] = field(default_factory=dict)
    payable_online: Collection[UUID] = ()
    charges: Mapping[UUID, Row] = field(default_factory=dict)
    refunds: dict[UUID, Row] = field(default_factory=dict)
    refunding: set[UUID] = field(default_factory=set)  # payments and held money

    def check_reach(self, customer_id: UUID, invoice_id: UUID | None, scope: UUID | None) -> None:
        """Raise `NotFound` for what is not the customer's, or outside the caller's scope."""
        if not _is_reached(self.reach, customer_id, invoice_id, scope):
            raise NotFound


def _is_reached(reach: Reach, customer_id: UUID, invoice_id: UUID | None, scope: UUID | None) -> bool:
    if invoice_id is not None:
        owner_id, path = reach.invoices.get(invoice_id, (None, None))
        return owner_id == customer_id and is_within(path, scope)
    return customer_id in reach.customers and is_within(reach.customers[customer_id], scope)


_OF_BILLS = RecordPayment | PlaceHeldPayment | CreatePaymentLink
_OF_PAYMENTS = ReversePayment | RefundThroughGateway
_OF_HELD = PlaceHeldPayment | RejectHeldPayment | RefundHeldPayment


def is_heard_of(command: RecordPayment | CreatePaymentLink, reach: Reach) -> bool:
    """Whether what a payment is for is known, and its operator; they may still be on their way."""
    bills = _bills_of(command)
    if bills:
        known = [reach.invoices.get(each) for each in bills]
        return all(each is not None and (each[1] is not None or command.scope is None) for each in known)
    known_path = reach.customers.get(command.customer_id)
    return command.customer_id in reach.customers and (known_path is not None or command.scope is None)


def _bills_of(command: RecordPayment | PlaceHeldPayment | CreatePaymentLink) -> tuple[UUID, ...]:
    """The bills that a command names."""
    if isinstance(command, CreatePaymentLink):
        return command.invoice_ids
    return () if command.invoice_id is None else (command.invoice_id,)


async def reach_of(tx: Tx, commands: Sequence[Received[Any]]) -> Reach:
    """Return the owners of the bills and customers that commands name, also of payments to take back."""
    named = [each.data for each in commands if hasattr(each.data, "customer_id")]
    bills = {bill for each in named if isinstance(each, _OF_BILLS) for bill in _bills_of(each)}
    taken_back = [each.payment_id for each in named if isinstance(each, _OF_PAYMENTS)]
    if taken_back:
        earlier = await store.payments_by_id(tx, taken_back)
        bills |= {each.invoice_id for each in earlier.values() if each.invoice_id is not None}
    return await store.reach_of(
        tx,
        invoice_ids=bills,
        customer_ids={each.customer_id for each in named},
    )


async def open_books(tx: Tx, commands: Sequence[Received[Any]], reach: Reach) -> Books:
    """Lock and load what the commands touch: accounts first, in one go, then held money."""
    data = [each.data for each in commands]
    taking_back = {each.customer_id for each in data if isinstance(each, _OF_PAYMENTS)}
    recorded = [each.payment_id for each in data if isinstance(each, RecordPayment)]
    bills = {bill for each in data if isinstance(each, _OF_BILLS) for bill in _bills_of(each)}
    accounts = await store.lock_accounts(tx, _customers(data, reach), whole=taking_back)
    held = await store.held.lock(tx, {each.held_id for each in data if isinstance(each, _OF_HELD)})
    await store.include_receivables(tx, accounts, bills)
    earlier = await store.payments_by_id(tx, recorded) if recorded else {}
    installation = await store.installation(tx)
    books = Books(
        accounts, earlier, {each.held_id: each for each in held}, reach,
        installation.currency, installation.sends_receipts,
    )  # fmt: skip
    await _look_up_links(tx, books, [each for each in data if isinstance(each, CreatePaymentLink)])
    await _look_up_refunds(tx, books, data)
    return books


async def _look_up_links(tx: Tx, books: Books, wanted: Sequence[CreatePaymentLink]) -> None:
    """The facts that links are made of: the bills', and whether any gateway takes money for them."""
    if wanted:
        link_ids = [each.link_id for each in wanted]
        bills = [bill for each in wanted for bill in each.invoice_ids]
        books.links = await store.links.by_ids(tx, link_ids)
        books.facts = await store.facts.of_bills(tx, bills)
        books.payable_online = await store.gateways.payable_online(tx, bills)


async def _look_up_refunds(tx: Tx, books: Books, data: Sequence[Any]) -> None:
    """The refunds on their way back, and the charges that could go back."""
    payments = [each.payment_id for each in data if isinstance(each, _OF_PAYMENTS)]
    held = [each.held_id for each in data if isinstance(each, _OF_HELD)]
    if not payments and not held:
        return
    books.refunding |= await store.refunds.under_way(tx, payments, held)
    refunds = [each for each in data if isinstance(each, RefundThroughGateway | RefundHeldPayment)]
    charges: dict[UUID, Row] = {}
    for each in refunds:
        known = await store.refunds.through_gateway(tx, each.refund_id)
        if known is not None:
            books.refunds[each.refund_id] = known
        if isinstance(each, RefundThroughGateway):
            charge = await store.refunds.charge_of(tx, each.payment_id)
            if charge is not None:
                charges[each.payment_id] = charge
    books.charges = charges


def _customers(data: Sequence[Any], reach: Reach) -> Collection[UUID]:
    """Those whose money may move; nothing is opened for money that is out of reach."""
    customers: set[UUID] = set()
    for each in data:
        if isinstance(each, _OF_BILLS | RefundCredit):
            invoice_id = None if isinstance(each, RefundCredit) else each.invoice_id
            if _is_reached(reach, each.customer_id, invoice_id, each.scope):
                customers.add(each.customer_id)
        elif isinstance(each, _OF_PAYMENTS):
            customers.add(each.customer_id)
    return customers
