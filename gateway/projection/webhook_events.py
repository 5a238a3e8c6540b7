"""What happened, as webhooks tell it: put down for each endpoint in the transaction that shows it.

The id of an event is made of what happened, so that a record that comes again tells nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from shared import clock
from shared.contracts.envelope import Received
from shared.contracts.invoicing import InvoiceState, InvoiceVoided
from shared.contracts.money_in_bulk import Allocated, Recorded
from shared.contracts.money_in_bulk import PaymentState as QuickPayment
from shared.contracts.payments import (
    MoneyMoved,
    MoneyRepublished,
    PaymentRecorded,
    PaymentReversed,
    PaymentState,
)
from shared.contracts.sets import InvoiceSet
from shared.db import Tx, statements
from shared.tracing import onward

_queries = statements(__file__)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a bill or a payment; `operator_id` is its own, or (None) the bill's.

    `traceparent` is the trace of the message that told of it.
    """

    type: str
    subject_id: UUID
    occurred_at: datetime
    operator_id: UUID | None = None
    bill_id: UUID | None = None
    occasion: int = 1  # a bill that is owed again is paid a second time
    traceparent: str | None = None

    @property
    def id(self) -> UUID:
        """Return the same id whenever it is told."""
        return uuid5(NAMESPACE_URL, f"{self.type}/{self.subject_id}/{self.occasion}")


def of_invoices(received: Iterable[Received[Any]]) -> Iterable[Event]:
    """Return which bills were issued and which of them voided, as far as somebody asks."""
    for message in received:
        heard, traceparent = message.data, onward(message.envelope.traceparent)
        events = _of_set(heard) if isinstance(heard, InvoiceSet) else [_of_invoice(heard)]
        yield from (replace(each, traceparent=traceparent) for each in events)


def _of_invoice(state: InvoiceState) -> Event:
    if isinstance(state, InvoiceVoided):
        return Event("bill.voided", state.invoice_id, state.voided_at, state.operator_id)
    return Event("bill.issued", state.invoice_id, state.issued_at, state.operator_id)


def _of_set(said: InvoiceSet) -> Iterable[Event]:
    for row in said.rows:
        yield Event("bill.issued", UUID(row.invoice_id), said.shared.issued_at, UUID(row.operator_id))


def of_money(received: Iterable[Received[Any]]) -> Iterable[Event]:
    """Return which payments were recorded, and which were taken back, as far as somebody asks."""
    for message in received:
        if event := _of_money(message.data):
            yield replace(event, traceparent=onward(message.envelope.traceparent))


def _of_money(moved: Any) -> Event | None:
    if isinstance(moved, PaymentRecorded | Recorded):
        return _of_payment("payment.recorded", moved.payments[0], moved.payments[0].recorded_at)
    if isinstance(moved, PaymentReversed):
        reversed_at = moved.payments[0].reversed_at or clock.now()
        return _of_payment("payment.reversed", moved.payments[0], reversed_at)
    return None


def _of_payment(kind: str, payment: PaymentState | QuickPayment, at: datetime) -> Event:
    settled = next((each.invoice_id for each in payment.allocations), None)
    return Event(kind, payment.payment_id, at, payment.operator_id, payment.invoice_id or settled)


def paid_by(received: Iterable[Received[Any]]) -> dict[UUID, Event]:
    """Return the bills that money has paid, as far as it moved just now."""
    paid: dict[UUID, Event] = {}
    for each in received:
        if isinstance(each.data, MoneyMoved | Recorded | Allocated) and not isinstance(
            each.data, MoneyRepublished
        ):
            traceparent = onward(each.envelope.traceparent)
            for one in each.data.receivables:
                if one.status == "paid":
                    paid[one.invoice_id] = _paid(one.invoice_id, one.version, each.envelope.time, traceparent)
    return paid


def _paid(invoice_id: UUID, version: int, at: datetime, traceparent: str | None) -> Event:
    return Event("bill.paid", invoice_id, at, None, invoice_id, version, traceparent)


@dataclass(slots=True)
class Told:
    """The events of one batch: `look` before they are written, `tell` afterwards."""

    tx: Tx
    events: Iterable[Event]  # read once, and only where a webhook hears of it
    paid: Mapping[UUID, Event] = field(default_factory=dict)
    is_heard: bool | None = None

    async def look(self, invoices: Iterable[Received[Any]] = ()) -> None:
        """Keep what is new: a bill that was paid before is not paid again. Looks once, also in a rebuild."""
        if self.is_heard is not None:
            return
        self.is_heard = await _queries.has_webhooks(self.tx)
        if not self.is_heard:
            return
        if self.paid:
            known = {row["id"] async for row in _queries.already_paid(self.tx, ids=list(self.paid))}
            self.paid = {each: event for each, event in self.paid.items() if each not in known}
        if traces := {bill_id: trace for each in invoices for bill_id, trace in _traces(each)}:
            rows = _queries.paid_before_their_bills(self.tx, ids=list(traces))
            self.paid = {
                row["id"]: _paid(
                    row["id"], row["receivable_version"], clock.now(), traces.get(str(row["id"]))
                )
                async for row in rows
            }

    async def tell(self) -> None:
        """Put a message down for every endpoint that hears of each."""
        if not self.is_heard:
            return
        events = [*self.events, *self.paid.values()]
        if not events:
            return
        await _queries.tell_webhooks(
            self.tx,
            event_ids=[each.id for each in events],
            types=[each.type for each in events],
            subject_ids=[each.subject_id for each in events],
            operator_ids=[each.operator_id for each in events],
            bill_ids=[each.bill_id for each in events],
            occurred_ats=[each.occurred_at for each in events],
            traceparents=[each.traceparent for each in events],
            now=clock.now(),
        )


def _traces(message: Received[Any]) -> Iterable[tuple[str, str | None]]:
    """The bills that a message issues, each with the message's trace."""
    heard, traceparent = message.data, onward(message.envelope.traceparent)
    if isinstance(heard, InvoiceSet):
        return ((row.invoice_id, traceparent) for row in heard.rows)
    return [(str(heard.invoice_id), traceparent)]
