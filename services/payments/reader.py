"""Records of a partner's topic, read: CloudEvents in binary or structured mode, whatever else is in them.

What is no `payment.received.v1` at all is poison. What is one, but breaks the contract, is handed on with
what is wrong with it, so that its sender gets an answer.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from shared.cloudevents import Poison, describe, header_texts
from shared.contracts.envelope import Envelope, Message, Received
from shared.contracts.partner import PaymentReceived
from shared.outbox import BULK

_STRUCTURED = "application/cloudevents+json"
_LONGEST_AHEAD = timedelta(hours=24)
_LATEST_RECORD_MS = 253_370_764_800_000  # the year 9999; what a record says of its time may be anything


class PartnerEvent(Message):
    """The event of a partner: a payment, or why it is none."""

    type: ClassVar[str] = PaymentReceived.type
    topic: ClassVar[str] = PaymentReceived.topic

    partner: str
    event_id: str | None
    payment_id: str | None
    payment: PaymentReceived | None
    problem: str | None


def read_partner_event(record: Any) -> Received[PartnerEvent]:
    """The event in a record, under an id made of its place: an event's own id may be anything."""
    headers = {name.lower(): text for name, text in header_texts(record).items()}
    event_id, data = _unwrap(headers, record.value)
    return Received(
        data=_event(record.topic.split(".")[1], event_id, data),
        envelope=Envelope(
            id=_place_id(record),
            type=PaymentReceived.type,
            source=record.topic,
            time=_recorded_at(record.timestamp),
            traceparent=headers.get("traceparent"),
            lane=BULK,
        ),
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
    )


def moment(paid_at: datetime, zone: tzinfo) -> datetime:
    """When it was paid: a time without a zone is in the billing zone."""
    return paid_at if paid_at.tzinfo else paid_at.replace(tzinfo=zone)


def problem_of_time(payment: PaymentReceived, zone: tzinfo, now: datetime) -> str | None:
    """Return what is wrong with a payment that was made more than 24 hours from now."""
    if moment(payment.paid_at, zone) > now + _LONGEST_AHEAD:
        return "paid_at: more than 24 hours ahead"
    return None


def _recorded_at(timestamp_ms: int | None) -> datetime:
    return datetime.fromtimestamp(min(max(timestamp_ms or 0, 0), _LATEST_RECORD_MS) / 1000, UTC)


def _place_id(record: Any) -> UUID:
    # With the timestamp: a topic that was made anew counts its offsets from zero again.
    return uuid5(NAMESPACE_URL, f"{record.topic}/{record.partition}/{record.offset}/{record.timestamp}")


def _unwrap(headers: dict[str, str], value: bytes | None) -> tuple[str | None, bytes]:
    """The event's id and its data as JSON."""
    if not value:
        raise Poison("no value")
    kind = headers.get("ce_type")
    if kind is not None and not headers.get("content-type", "").lower().startswith(_STRUCTURED):
        _check_type(kind)
        return headers.get("ce_id"), value
    body = _object(value)
    _check_type(body.get("type"))
    event_id, data = body.get("id"), body.get("data")
    return event_id if isinstance(event_id, str) else None, to_json(data if isinstance(data, dict) else {})


def _check_type(kind: Any) -> None:
    if kind is None:
        raise Poison("no type")
    if kind != PaymentReceived.type:
        raise Poison(f"type {str(kind)[:200]!r} is none that partners send")


def _object(value: bytes) -> dict[str, Any]:
    try:
        body = from_json(value)
    except ValueError as error:
        raise Poison(f"no JSON: {error}") from error
    if not isinstance(body, dict):
        raise Poison("no JSON object")
    return body


def _event(partner: str, event_id: str | None, data: bytes) -> PartnerEvent:
    payment, payment_id, problem = None, None, None
    try:
        payment = PaymentReceived.model_validate_json(data)
        payment_id = payment.payment_id
    except ValidationError as error:
        said = _object(data).get("payment_id")
        payment_id, problem = said if isinstance(said, str) else None, describe(error)
    return PartnerEvent(
        partner=partner,
        event_id=_text(event_id),
        payment_id=_text(payment_id),
        payment=None if problem else payment,
        problem=_text(problem),
    )


def _text(text: str | None) -> str | None:
    return None if text is None else text.replace("\x00", "")[:2_000]
