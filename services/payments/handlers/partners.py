"""Payments from partners: each is answered by a receipt, and counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Literal, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from services.payments import store
from services.payments.domain import AmountTooLarge, Payment
from services.payments.handlers import answers, arrivals, messages, targets
from services.payments.handlers.answers import moved
from services.payments.handlers.held import held_state
from services.payments.handlers.targets import Place, Wanted
from services.payments.reader import PartnerEvent, moment, problem_of_time
from services.payments.store import Row, queries
from shared import clock, inbox
from shared.contracts.envelope import Message, Received
from shared.contracts.partner import PaymentReceipt, PaymentReceived
from shared.contracts.payments import PaymentHeld, PaymentRecorded
from shared.db import Tx
from shared.ids import new_id
from shared.outbox import BULK, Said

CONSUMER = "partners"

Outcome: TypeAlias = Literal["recorded", "duplicate", "conflict", "held", "rejected"]
Facts: TypeAlias = tuple[int, str, str]


class UnknownPartner(LookupError):
    """A record on the topic of a partner that nobody has let in."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one event."""

    outcome: Outcome
    reason: str | None = None
    our_payment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _New:
    """An event whose payment was never seen before."""

    event: PartnerEvent
    payment: PaymentReceived
    operator_id: UUID

    @property
    def wanted(self) -> Wanted:
        said = self.payment
        return Wanted(
            self.operator_id, said.currency, said.invoice_id, said.invoice_number, said.customer_code
        )


async def take_payments(received: Sequence[Received[PartnerEvent]], tx: Tx) -> None:
    """Record, hold or refuse each payment once, and send a receipt for every event."""
    events = [each.data for each in await inbox.recognise(tx, received, CONSUMER)]
    names = {event.partner for event in events}
    partners = {row["name"]: row async for row in queries.partners(tx, names=list(names))}
    zone, now = await _zone(tx), clock.now()
    found = [_refuse(event, partners, zone, now) for event in events]
    first = _first_of_each(events, found)
    new = await _sort_out(tx, events, first, found)
    said = await _take(tx, new, partners, found)
    _repeat(events, first, found)
    receipts = [_receipt(event, answer) for event, answer in zip(events, found, strict=True) if answer]
    await messages.say_with_receipts(tx, [*said, *map(Said, receipts)], lane=BULK)


def _refuse(event: PartnerEvent, partners: Mapping[str, Row], zone: tzinfo, now: datetime) -> Answer | None:
    if event.partner not in partners:
        # Nobody reads its receipts: a dead letter keeps the money in sight until the partner is added.
        raise UnknownPartner(event.partner)
    if not partners[event.partner]["active"]:
        return Answer("rejected", "unknown-partner")
    problem = event.problem or (event.payment and problem_of_time(event.payment, zone, now))
    return Answer("rejected", problem) if problem else None


def _first_of_each(
    events: Sequence[PartnerEvent], found: Sequence[Answer | None]
) -> dict[tuple[str, str], int]:
    """Where each payment id is named first in the batch."""
    first: dict[tuple[str, str], int] = {}
    for position, event in enumerate(events):
        if found[position] is None and event.payment is not None:
            first.setdefault((event.partner, event.payment.payment_id), position)
    return first


async def _sort_out(
    tx: Tx,
    events: Sequence[PartnerEvent],
    first: Mapping[tuple[str, str], int],
    found: list[Answer | None],
) -> dict[int, PartnerEvent]:
    """Answer what an earlier batch has said before; what is new comes back under its position."""
    fresh = await _remember(tx, [events[position] for position in first.values()])
    known = await _remembered(tx, [key for key in first if key not in fresh])
    for position, event in enumerate(events):
        if found[position] is None and event.payment is not None:
            row = known.get((event.partner, event.payment.payment_id))
            if row is not None:
                facts = (row["amount_minor"], row["currency"], row["target"])
                found[position] = _compare(_facts(event.payment), facts, row["our_payment_id"])
    return {position: events[position] for key, position in first.items() if key in fresh}


def _repeat(
    events: Sequence[PartnerEvent], first: Mapping[tuple[str, str], int], found: list[Answer | None]
) -> None:
    """Answer what this very batch has said before."""
    for position, event in enumerate(events):
        if found[position] is None and event.payment is not None:
            before = first[event.partner, event.payment.payment_id]
            payment, answer = events[before].payment, found[before]
            assert payment is not None
            assert answer is not None
            found[position] = _compare(_facts(event.payment), _facts(payment), answer.our_payment_id)


def _facts(payment: PaymentReceived) -> Facts:
    if payment.invoice_id is not None:
        target = f"invoice_id:{payment.invoice_id}"
    elif payment.invoice_number is not None:
        target = f"invoice_number:{payment.invoice_number}"
    else:
        target = f"customer_code:{payment.customer_code}"
    return payment.amount_minor, payment.currency, target


def _compare(facts: Facts, known: Facts, our_payment_id: UUID | None) -> Answer:
    if facts == known:
        return Answer("duplicate", None, our_payment_id)
    return Answer("conflict", "amount, currency or target differ from the first", our_payment_id)


async def _remember(tx: Tx, events: Sequence[PartnerEvent]) -> set[tuple[str, str]]:
    """Keep the facts of payments never seen before; answers which these are."""
    if not events:
        return set()
    rows = [(event.partner, event.payment_id, *_facts(event.payment)) for event in events if event.payment]
    columns = ("partner_names", "payment_ids", "amounts", "currencies", "targets")
    arguments = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
    kept = queries.remember_events(tx, **arguments)
    return {(row["partner_name"], row["payment_id"]) async for row in kept}


async def _remembered(tx: Tx, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Row]:
    if not keys:
        return {}
    names, ids = map(list, zip(*keys, strict=True))
    rows = queries.remembered_events(tx, partner_names=names, payment_ids=ids)
    return {(row["partner_name"], row["payment_id"]): row async for row in rows}


async def _take(
    tx: Tx, events: Mapping[int, PartnerEvent], partners: Mapping[str, Row], found: list[Answer | None]
) -> list[Said]:
    """Record what has a place, hold the rest."""
    if not events:
        return []
    new = {
        position: _New(event, event.payment, partners[event.partner]["operator_id"])
        for position, event in events.items()
        if event.payment is not None
    }
    return await arrivals.undisturbed(tx, lambda: _record_or_hold(tx, new, found))


async def _record_or_hold(tx: Tx, new: Mapping[int, _New], found: list[Answer | None]) -> list[Said]:
    places = dict(zip(new, await targets.find(tx, [each.wanted for each in new.values()]), strict=True))
    placed = {position: place for position, place in places.items() if isinstance(place, Place)}
    accounts = await store.lock_accounts(tx, {place.customer_id for place in placed.values()})
    if missing := {position: new[position].wanted for position in places.keys() - placed.keys()}:
        # What is being added right now is waited for, and looked for once more: it would not look for us.
        await arrivals.stop_targets(tx, {each.target for each in missing.values()})
        again = await targets.find(tx, list(missing.values()))
        if any(isinstance(each, Place) for each in again):
            raise arrivals.Overtaken
        places.update(zip(missing, again, strict=True))
    said = await _record(tx, new, placed, accounts, found)
    said += await _hold(tx, new, places, found)
    return said + await answers.save(tx, accounts)


async def _record(
    tx: Tx,
    new: Mapping[int, _New],
    placed: Mapping[int, Place],
    accounts: store.Accounts,
    found: list[Answer | None],
) -> list[Said]:
    zone, now = await _zone(tx), clock.now()
    said: list[Said] = []
    for position in sorted(placed):
        place, each = placed[position], new[position]
        payment = _payment(each, place, now, zone)
        with suppress(AmountTooLarge):  # then it is held
            said.append(Said(moved(PaymentRecorded, accounts[place.customer_id].receive(payment))))
            found[position] = Answer("recorded", None, payment.payment_id)
    return said


async def _zone(tx: Tx) -> tzinfo:
    row = await queries.installation(tx)
    return ZoneInfo(row["time_zone"]) if row else UTC


def _paid_on(paid_at: datetime, zone: tzinfo) -> date:
    return moment(paid_at, zone).astimezone(zone).date()


def _payment(new: _New, place: Place, now: datetime, zone: tzinfo) -> Payment:
    said = new.payment
    return Payment(
        payment_id=new_id(),
        customer_id=place.customer_id,
        invoice_id=place.invoice_id,
        amount=said.amount_minor,
        currency=said.currency,
        method=said.method or "partner",
        paid_on=_paid_on(said.paid_at, zone),
        recorded_at=now,
        recorded_by=f"partner:{new.event.partner}",
        recorded_by_name=new.event.partner,
        source=f"partner:{new.event.partner}",
        external_id=said.payment_id,
        reference=said.payer_reference,
    )


async def _hold(
    tx: Tx, new: Mapping[int, _New], places: Mapping[int, targets.Found], found: list[Answer | None]
) -> list[Said]:
    zone, now = await _zone(tx), clock.now()
    rows: list[dict[str, Any]] = []
    for position in sorted(places):
        if found[position] is None:
            place = places[position]
            reason = AmountTooLarge.code if isinstance(place, Place) else place
            rows.append(_held_row(new[position], reason, now, zone))
            found[position] = Answer("held", reason)
    if rows:
        columns = {name: [row[column] for row in rows] for name, column in _HELD.items()}
        await queries.hold_payments(tx, **columns, received_at=now)
    return [Said(held_state(PaymentHeld, row)) for row in rows]


_HELD = {
    "held_ids": "held_id", "sources": "source", "partner_names": "partner_name", "payment_ids": "payment_id",
    "event_ids": "event_id", "operator_ids": "operator_id", "amounts": "amount_minor",
    "currencies": "currency",
    "invoice_ids": "invoice_id", "invoice_numbers": "invoice_number", "customer_codes": "customer_code",
    "methods": "method", "paid_on": "paid_on", "payer_references": "payer_reference", "reasons": "reason",
}  # fmt: skip


def _held_row(new: _New, reason: str, now: datetime, zone: tzinfo) -> dict[str, Any]:
    said = new.payment
    return {
        "held_id": new_id(),
        "source": f"partner:{new.event.partner}",
        "partner_name": new.event.partner,
        "payment_id": said.payment_id,
        "event_id": new.event.event_id,
        "operator_id": new.operator_id,
        "amount_minor": said.amount_minor,
        "currency": said.currency,
        "invoice_id": said.invoice_id,
        "invoice_number": said.invoice_number,
        "customer_code": said.customer_code,
        "method": said.method or "partner",
        "paid_on": _paid_on(said.paid_at, zone),
        "payer_reference": said.payer_reference,
        "reason": reason,
        "received_at": now,
        "state": "held",
        "our_payment_id": None,
        "customer_id": None,
        "checkout_id": None,
        "version": 1,
    }


def _receipt(event: PartnerEvent, answer: Answer) -> Message:
    return PaymentReceipt(
        partner=event.partner,
        payment_id=event.payment_id,
        event_id=event.event_id,
        outcome=answer.outcome,
        reason=answer.reason,
        our_payment_id=answer.our_payment_id,
    )
