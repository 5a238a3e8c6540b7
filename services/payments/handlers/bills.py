"""Bills as invoicing says them: what is owed, settled at once by credit and by money that waited for it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from services.payments import store
from services.payments.handlers import answers, arrivals, held, links, messages
from services.payments.store import Accounts
from services.payments.store.held import HeldPayment
from services.payments.store.receivables import HeardBill, SomeAreKnown
from shared import outbox
from shared.contracts.envelope import Currency, Message, Minor, Period, Received, ShortText, Version
from shared.contracts.invoicing import InvoiceIssued, InvoiceState, InvoiceVoided
from shared.contracts.payments import PaymentAllocated
from shared.contracts.sets import Columns, InvoiceSet, columns
from shared.db import Tx
from shared.outbox import Said
from shared.versions import newest


class BillIssued(Message):
    """The part of an issued invoice that money needs; reading all of it would take three times as long."""

    type: ClassVar[str] = InvoiceIssued.type
    topic: ClassVar[str] = InvoiceState.topic

    invoice_id: UUID
    customer_id: UUID
    operator_id: UUID
    number: ShortText
    period: Period
    currency: Currency
    total_minor: Minor
    issued_on: date
    due_on: date
    version: Version


class BillVoided(BillIssued):
    """The same of a voided invoice."""

    type: ClassVar[str] = InvoiceVoided.type


@dataclass(frozen=True, slots=True)
class _New:
    """Bills of sets, none of which was known before: new, owed and nothing else."""

    columns: Columns
    changed: frozenset[UUID] = frozenset()
    relearnt: frozenset[UUID] = frozenset()
    unheard: tuple[UUID, ...] = ()

    @property
    def customer_ids(self) -> Sequence[str]:
        """As they came: Postgres reads thousands of them quicker than we do."""
        return [row.customer_id for row in self.columns.rows]

    @property
    def names(self) -> set[UUID | str] | None:
        """By what money that waits may name them; None: there are so many that it may be anything."""
        rows = self.columns.rows
        if len(rows) > arrivals.STRIPES:
            return None
        return {name for row in rows for name in (UUID(row.invoice_id), row.number)}

    @property
    def owners(self) -> set[UUID] | None:
        """The customers; None: there are so many that it may be anybody."""
        rows = self.columns.rows
        return None if len(rows) > arrivals.STRIPES else {UUID(row.customer_id) for row in rows}

    def by_name(self) -> dict[UUID | str, UUID]:
        """Their customers, by what money may name the bills."""
        whose: dict[UUID | str, UUID] = {}
        for row in self.columns.rows:
            whose[UUID(row.invoice_id)] = whose[row.number] = UUID(row.customer_id)
        return whose


@dataclass(frozen=True, slots=True)
class _News:
    """Bills in their newest state, as far as it is news, and the versions of those that were known before."""

    bills: Sequence[BillIssued]
    known: Mapping[UUID, int]

    @property
    def customer_ids(self) -> set[UUID]:
        return {bill.customer_id for bill in self.bills}

    @property
    def owners(self) -> set[UUID]:
        """The customers."""
        return self.customer_ids

    @property
    def names(self) -> set[UUID | str]:
        """By what money that waits may name them."""
        return {name for bill in self.bills for name in (bill.invoice_id, bill.number)}

    def by_name(self) -> dict[UUID | str, UUID]:
        """Their customers, by what money may name the bills."""
        whose: dict[UUID | str, UUID] = {}
        for bill in self.bills:
            whose[bill.invoice_id] = whose[bill.number] = bill.customer_id
        return whose

    @property
    def new(self) -> list[HeardBill]:
        """The bills that were not known."""
        return [_heard(bill) for bill in self.bills if bill.invoice_id not in self.known]

    @property
    def newer(self) -> list[HeardBill]:
        """The bills that were known in an older version."""
        return [_heard(bill) for bill in self.bills if bill.invoice_id in self.known]

    @property
    def unheard(self) -> list[UUID]:
        """The ids of the bills that were not known."""
        return [bill.invoice_id for bill in self.bills if bill.invoice_id not in self.known]

    @property
    def changed(self) -> set[UUID]:
        """The customers of bills that are more than new and owed."""
        return {
            bill.customer_id
            for bill in self.bills
            if isinstance(bill, BillVoided) or self.known.get(bill.invoice_id, bill.version) < bill.version
        }

    @property
    def relearnt(self) -> set[UUID]:
        """The customers of bills that were known."""
        return {bill.customer_id for bill in self.bills if bill.invoice_id in self.known}


async def hear_bills(received: Sequence[Received[Any]], tx: Tx) -> None:
    """Know the bills; what was paid on voided ones is released, credit and held money settle the others.

    Issued and voided ones in one batch: their accounts are locked together. Sets are taken for new until one
    of their bills turns out to be known.
    """
    sets = [each.data for each in received if isinstance(each.data, InvoiceSet)]
    if len(sets) == len(received) and await _added(tx, sets):
        return
    heard = itertools.chain.from_iterable(map(_bills, received))
    bills = newest(heard, lambda bill: bill.invoice_id, lambda bill: bill.version)
    by_id = {bill.invoice_id: bill for bill in bills}
    await arrivals.undisturbed(tx, lambda: _take_in(tx, by_id))


def _bills(received: Received[Any]) -> Iterable[BillIssued]:
    if isinstance(received.data, BillIssued):
        return (received.data,)
    return (BillIssued(**{name: getattr(one, name) for name in _FIELDS}) for one in received.data.each())


_FIELDS = tuple(BillIssued.model_fields)


async def _added(tx: Tx, sets: Sequence[InvoiceSet]) -> bool:
    """Add the sets' bills as the new ones that they are; False, and nothing is done, when one was known."""
    new = _New(columns(sets))
    try:
        await arrivals.undisturbed(tx, lambda: _add(tx, new))
    except SomeAreKnown:
        return False
    return True


async def _add(tx: Tx, new: _New) -> None:
    accounts, waiting = await _lock(tx, new)
    await store.receivables.add(tx, new.columns)
    if not accounts and not waiting:
        return
    await store.load(tx, accounts)
    settled = answers.settled(accounts.values())
    ended = await links.save_money(tx, accounts)
    placed = await held.place(tx, waiting, accounts)
    ended += await links.save_money(tx, accounts)
    await outbox.say(tx, settled, lane=outbox.BULK)
    await messages.say_with_receipts(tx, [*placed.said, *ended])
    await outbox.say(tx, placed.receipts, lane=outbox.BULK)


async def _news(tx: Tx, by_id: Mapping[UUID, BillIssued]) -> _News:
    """Leave out what is known; most of a republish ends here, without a lock."""
    known = await store.receivables.known(tx, by_id)
    news = [
        bill
        for bill in by_id.values()
        if (before := known.get(bill.invoice_id)) is None
        or before.version < bill.version
        or before.lacks_period
    ]
    return _News(news, {invoice_id: before.version for invoice_id, before in known.items()})


async def _take_in(tx: Tx, by_id: Mapping[UUID, BillIssued]) -> None:
    news = await _news(tx, by_id)
    if not news.bills:
        return
    accounts, waiting = await _lock(tx, news)
    await store.receivables.save(tx, news.new)
    await store.load(tx, accounts, whole=news.changed)
    released = _release(news, accounts)
    settled = answers.settled(accounts.values())
    ended = await links.save_money(tx, accounts)
    await store.receivables.save(tx, news.newer)
    ended += await links.end(tx, _voided(news), "revoked")
    placed = await held.place(tx, waiting, accounts)
    ended += await links.save_money(tx, accounts)
    await outbox.say(tx, settled, lane=outbox.BULK)
    await messages.say_with_receipts(tx, [*released, *placed.said, *ended])
    await outbox.say(tx, placed.receipts, lane=outbox.BULK)


async def _lock(tx: Tx, news: _News | _New) -> tuple[Accounts, Sequence[HeldPayment]]:
    """Lock the accounts whose money these bills move, and the money that waits for them, in the one order."""
    moving = news.changed | (await _waited_for(tx, news)).keys()
    accounts = await store.lock_accounts_with_credit(
        tx, news.customer_ids, moving=moving, known=news.relearnt
    )
    await arrivals.share_targets(tx, news.names)
    waiting = await _waited_for(tx, news)
    if not waiting.keys() <= moving:
        raise arrivals.Overtaken
    held_ids = [held_id for each in waiting.values() for held_id in each]
    still_held = await held.lock(tx, held_ids)
    await arrivals.share_bills(tx, news.owners, alone=moving)
    # From here on nobody leaves credit where there was none; until here somebody may have.
    if not await store.customers_with_credit(tx, news.customer_ids) <= accounts.keys():
        raise arrivals.Overtaken
    # A void that overtook its issue holds no money; one that did not may.
    if news.changed and await store.receivables.known(tx, news.unheard):
        raise arrivals.Overtaken
    return accounts, still_held


async def _waited_for(tx: Tx, news: _News | _New) -> dict[UUID, list[UUID]]:
    """The money that waits for these bills, by their customers; one look when nothing waits."""
    if await store.held.is_any_waiting_for_a_bill(tx):
        return await store.held.waiting_for_bills(tx, news.by_name())
    return {}


def _voided(news: _News) -> list[UUID]:
    return [bill.invoice_id for bill in news.bills if isinstance(bill, BillVoided)]


def _release(news: _News, accounts: Accounts) -> list[Said]:
    """Turn what was paid on voided bills into credit, which settles what is owed elsewhere."""
    said: list[Said] = []
    for bill in news.bills:
        if isinstance(bill, BillVoided):
            account = accounts[bill.customer_id]
            known = account.receivables.get(bill.invoice_id)
            change = None if known is None or known.voided else account.release(bill.invoice_id)
            if change is not None:
                said.append(Said(answers.moved(PaymentAllocated, change)))
    return said


def _heard(bill: BillIssued) -> HeardBill:
    return HeardBill(**{name: getattr(bill, name) for name in _FIELDS}, voided=isinstance(bill, BillVoided))
