"""Payments from partners: each is answered by a receipt, and counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from services.payments import store
from services.payments.domain import AmountTooLarge, Payment
from services.payments.handlers import answers, arrivals, messages, targets
from services.payments.handlers.answers import moved
from services.payments.handlers.held import held_state
from services.payments.handlers.targets import Found, Place, Wanted
from services.payments.reader import PartnerEvent, moment, problem_of_time
from services.payments.store import Accounts, Installation
from services.payments.store.held import HeldPayment
from services.payments.store.partners import Facts, Partner
from shared import clock, inbox
from shared.contracts.envelope import Message, Received
from shared.contracts.partner import PaymentReceipt, PaymentReceived
from shared.contracts.payments import PaymentHeld, PaymentRecorded
from shared.db import Tx
from shared.ids import new_id
from shared.outbox import BULK, Said

CONSUMER = "partners"

Outcome: TypeAlias = Literal["recorded", "duplicate", "conflict", "held", "rejected"]


class UnknownPartner(LookupError):
    """A record on the topic of a partner that nobody has let in."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one event."""

    outcome: Outcome
    reason: str | None = None
    our_payment_id: UUID | None = None


@dataclass(slots=True)
class Entry:
    """One event on its way to its answer; `place` is where its money belongs, or why that is not known."""

    event: PartnerEvent
    answer: Answer | None = None
    place: Found | None = None

    @property
    def payment(self) -> PaymentReceived:
        """Return the payment that it tells of; what could not be read was rejected before."""
        assert self.event.payment is not None, "what could not be read has its answer"
        return self.event.payment

    @property
    def key(self) -> tuple[str, str]:
        """Return the name of its payment: a partner's ids are unique for ever."""
        return self.event.partner, self.payment.payment_id


@dataclass(frozen=True, slots=True)
class Batch:
    """The events that partners sent at once, with the outcome of each; the steps stand in their order."""

    entries: Sequence[Entry]
    partners: Mapping[str, Partner]
    installation: Installation
    now: datetime

    @property
    def zone(self) -> tzinfo:
        """Return the billing zone."""
        return ZoneInfo(self.installation.time_zone)

    @property
    def _open(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.answer is None]

    def _first_of_each(self) -> dict[tuple[str, str], Entry]:
        """Return the entry that names each payment first, of those that are not answered."""
        first: dict[tuple[str, str], Entry] = {}
        for entry in self._open:
            first.setdefault(entry.key, entry)
        return first

    def validate(self) -> None:
        """Reject what is wrong by itself; raise `UnknownPartner` for a topic that nobody was let in to."""
        for entry in self.entries:
            if problem := self._problem_of(entry.event):
                entry.answer = Answer("rejected", problem)

    def _problem_of(self, event: PartnerEvent) -> str | None:
        if event.partner not in self.partners:
            # Nobody reads its receipts: a dead letter keeps the money in sight until the partner is added.
            raise UnknownPartner(event.partner)
        if not self.partners[event.partner].active:
            return "unknown-partner"
        if event.problem or event.payment is None:
            return event.problem
        return problem_of_time(event.payment, self.zone, self.now)

    async def deduplicate(self, tx: Tx) -> list[Entry]:
        """Answer what an earlier batch has said before, and return the entries whose payment is new."""
        first = self._first_of_each()
        facts = {key: _facts(entry.payment) for key, entry in first.items()}
        fresh = await store.partners.remember(tx, facts)
        known = await store.partners.remembered(tx, [key for key in first if key not in fresh])
        for entry in self._open:
            if before := known.get(entry.key):
                entry.answer = _compare(_facts(entry.payment), before.facts, before.our_payment_id)
        return [entry for key, entry in first.items() if key in fresh]

    async def settle(self, tx: Tx, new: Sequence[Entry]) -> list[Said]:
        """Record what has a place and hold the rest; raise `Overtaken` to be asked once more."""
        accounts = await self.place(tx, new)
        said = [*self.record(new, accounts), *await self.hold(tx, new)]
        return said + await answers.save(tx, accounts)

    async def place(self, tx: Tx, new: Sequence[Entry]) -> Accounts:
        """Find where the money belongs and lock those accounts; raise `Overtaken` when one came meanwhile."""
        await self._look(tx, new)
        customer_ids = {entry.place.customer_id for entry in new if isinstance(entry.place, Place)}
        accounts = await store.lock_accounts(tx, customer_ids)
        missing = [entry for entry in new if not isinstance(entry.place, Place)]
        if missing:
            # What is being added right now is waited for, and looked for once more: it would not look for us.
            await arrivals.stop_targets(tx, {self._wanted(entry).target for entry in missing})
            await self._look(tx, missing)
            if any(isinstance(entry.place, Place) for entry in missing):
                raise arrivals.Overtaken
        return accounts

    async def _look(self, tx: Tx, entries: Sequence[Entry]) -> None:
        """Find the place of each; the money of a paused partner has none until it is resumed."""
        places = await targets.find(tx, [self._wanted(entry) for entry in entries])
        for entry, place in zip(entries, places, strict=True):
            entry.place = "partner-paused" if self.partners[entry.event.partner].paused else place

    def _wanted(self, entry: Entry) -> Wanted:
        payment = entry.payment
        return Wanted(
            self._operator_id(entry),
            payment.currency,
            payment.invoice_id,
            payment.invoice_number,
            payment.customer_code,
        )

    def _operator_id(self, entry: Entry) -> UUID:
        return self.partners[entry.event.partner].operator_id

    def record(self, new: Sequence[Entry], accounts: Accounts) -> list[Said]:
        """Give the money that has a place to its account; what would be too much there is left to be held."""
        said: list[Said] = []
        for entry in new:
            if isinstance(entry.place, Place):
                payment = self._payment(entry, entry.place)
                with suppress(AmountTooLarge):
                    said.append(Said(moved(PaymentRecorded, accounts[payment.customer_id].receive(payment))))
                    entry.answer = Answer("recorded", None, payment.payment_id)
        return said

    def _payment(self, entry: Entry, place: Place) -> Payment:
        payment, source = entry.payment, f"partner:{entry.event.partner}"
        return Payment(
            payment_id=new_id(),
            customer_id=place.customer_id,
            invoice_id=place.invoice_id,
            amount=payment.amount_minor,
            currency=payment.currency,
            method=payment.method or "partner",
            paid_on=self._paid_on(payment),
            recorded_at=clock.now(),  # under the lock of the accounts, behind which days are closed
            recorded_by=source,
            recorded_by_name=entry.event.partner,
            source=source,
            external_id=payment.payment_id,
            reference=payment.payer_reference,
        )

    def _paid_on(self, payment: PaymentReceived) -> date:
        return moment(payment.paid_at, self.zone).astimezone(self.zone).date()

    async def hold(self, tx: Tx, new: Sequence[Entry]) -> list[Said]:
        """Hold the money that has no place, or too much of it, with the reason."""
        money = [self._held(entry) for entry in new if entry.answer is None]
        await store.held.hold(tx, money)
        return [Said(held_state(PaymentHeld, each)) for each in money]

    def _held(self, entry: Entry) -> HeldPayment:
        assert entry.place is not None, "its place was looked for"
        reason = AmountTooLarge.code if isinstance(entry.place, Place) else entry.place
        entry.answer = Answer("held", reason)
        payment = entry.payment
        return HeldPayment(
            held_id=new_id(),
            source=f"partner:{entry.event.partner}",
            partner_name=entry.event.partner,
            payment_id=payment.payment_id,
            event_id=entry.event.event_id,
            operator_id=self._operator_id(entry),
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            invoice_id=payment.invoice_id,
            invoice_number=payment.invoice_number,
            customer_code=payment.customer_code,
            method=payment.method or "partner",
            paid_on=self._paid_on(payment),
            payer_reference=payment.payer_reference,
            reason=reason,
            received_at=self.now,
        )

    def repeat(self, new: Sequence[Entry]) -> None:
        """Answer what this very batch has said before."""
        first = {entry.key: entry for entry in new}
        for entry in self._open:
            before = first[entry.key]
            assert before.answer is not None, "what was new was recorded or held"
            entry.answer = _compare(
                _facts(entry.payment), _facts(before.payment), before.answer.our_payment_id
            )

    def receipts(self) -> list[Said]:
        """Return the answer to each event."""
        return [Said(_receipt(entry.event, entry.answer)) for entry in self.entries if entry.answer]


async def take_payments(received: Sequence[Received[PartnerEvent]], tx: Tx) -> None:
    """Record, hold or refuse each payment once, and send a receipt for every event."""
    events = [each.data for each in await inbox.recognise(tx, received, CONSUMER)]
    batch = await _open_batch(tx, events)
    batch.validate()
    new = await batch.deduplicate(tx)
    said = await arrivals.undisturbed(tx, lambda: batch.settle(tx, new)) if new else []
    batch.repeat(new)
    tells = batch.installation.sends_receipts
    await messages.say_with_receipts(tx, [*said, *batch.receipts()], lane=BULK, tells=tells)


async def _open_batch(tx: Tx, events: Sequence[PartnerEvent]) -> Batch:
    partners = await store.partners.by_names(tx, {event.partner for event in events})
    return Batch([Entry(event) for event in events], partners, await store.installation(tx), clock.now())


def _facts(payment: PaymentReceived) -> Facts:
    if payment.invoice_id is not None:
        target = f"invoice_id:{payment.invoice_id}"
    elif payment.invoice_number is not None:
        target = f"invoice_number:{payment.invoice_number}"
    else:
        target = f"customer_code:{payment.customer_code}"
    return Facts(payment.amount_minor, payment.currency, target)


def _compare(facts: Facts, known: Facts, our_payment_id: UUID | None) -> Answer:
    if facts == known:
        return Answer("duplicate", None, our_payment_id)
    return Answer("conflict", "amount, currency or target differ from the first", our_payment_id)


def _receipt(event: PartnerEvent, answer: Answer) -> Message:
    return PaymentReceipt(
        partner=event.partner,
        payment_id=event.payment_id,
        event_id=event.event_id,
        outcome=answer.outcome,
        reason=answer.reason,
        our_payment_id=answer.our_payment_id,
    )
