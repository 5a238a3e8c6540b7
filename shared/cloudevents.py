"""CloudEvents on Kafka: headers and bytes in, typed messages out, and the other way round.

Binary mode everywhere; partners may send structured mode as well.
Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from asyncpg.pgproto import pgproto
from pydantic import ValidationError

from shared.contracts.envelope import Envelope, Message, Received
from shared.invalid import told
from shared.tracing import onward

CONTENT_TYPE = b"application/json"


class Poison(ValueError):
    """A record that no retry will ever make readable; the message says why."""


def header_texts(record: Any) -> dict[str, str]:
    """The headers that can be read; null and non-UTF-8 ones are left out, the last of a name wins."""
    texts: dict[str, str] = {}
    for name, value in record.headers:
        if value is not None:
            try:
                texts[name] = value.decode()
            except UnicodeDecodeError:
                continue
    return texts


def readable_id(record: Any) -> UUID | None:
    """The record's `ce_id`, where it is a UUID."""
    return _uuid(header_texts(record).get("ce_id"))


def readable_cause(record: Any) -> UUID | None:
    """The record's `ce_causationid`, where it is a UUID: the command for whose sake this one was said."""
    return _uuid(header_texts(record).get("ce_causationid"))


def read_binary(kinds: Iterable[type[Any]]) -> Callable[[Any], Received[Any] | None]:
    """A reader for our own topics: None for other types, `Poison` for what breaks its contract."""
    by_type = {kind.type: kind for kind in kinds}

    def read(record: Any) -> Received[Any] | None:
        headers = header_texts(record)
        kind_name = headers.get("ce_type")
        if kind_name is None:
            raise Poison("no ce_type header")
        kind = by_type.get(kind_name)
        if kind is None:
            return None
        if not record.value:
            raise Poison("no value")
        return Received(
            data=parse(kind, record.value),
            envelope=envelope_of(headers, kind_name),
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
        )

    return read


def parse(kind: type[Any], value: bytes) -> Any:
    """The message in the bytes, or `Poison` naming the first fields that are wrong.

    A kind that is no contract but a quicker reader of one has a `read` of its own.
    """
    try:
        return kind.model_validate_json(value) if issubclass(kind, Message) else kind.read(value)
    except ValidationError as error:
        raise Poison(describe(error)) from error
    except ValueError as error:
        raise Poison(str(error)) from error


def describe(error: ValidationError) -> str:
    """A validation error in one line: field and reason, at most five."""
    parts = [
        f"{'.'.join(str(step) for step in each['loc']) or 'body'}: {told(each)}"
        for each in error.errors(include_url=False, include_input=False)
    ]
    return "; ".join(parts[:5])


def envelope_of(headers: Mapping[str, str], kind_name: str) -> Envelope:
    """The attributes of a message of ours; a command or event without a UUID as its id is poison."""
    message_id = _uuid(headers.get("ce_id"))
    if message_id is None:
        raise Poison("ce_id is no UUID")
    return Envelope(
        id=message_id,
        type=kind_name,
        source=headers.get("ce_source", ""),
        time=_time(headers.get("ce_time")),
        causation_id=_uuid(headers.get("ce_causationid")),
        traceparent=headers.get("traceparent"),
        lane=1 if headers.get("ce_lane") == "1" else 0,
    )


def envelope_to_json(envelope: Envelope) -> dict[str, Any]:
    """Return what a row that answers later needs to keep of its cause, whose trace goes on from here."""
    return {
        "id": str(envelope.id),
        "type": envelope.type,
        "source": envelope.source,
        "time": envelope.time.isoformat(),
        "traceparent": onward(envelope.traceparent),
        "lane": envelope.lane,
    }


def envelope_from_json(kept: Mapping[str, Any]) -> Envelope:
    """The cause that `envelope_to_json` kept."""
    return Envelope(
        id=UUID(kept["id"]),
        type=kept["type"],
        source=kept["source"],
        time=datetime.fromisoformat(kept["time"]),
        traceparent=kept["traceparent"],
        lane=kept["lane"],
    )


def headers_for(row: Any, source: bytes, lane: bytes) -> list[tuple[str, bytes]]:
    """The headers of one outbox row."""
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(row["message_id"]).encode()),
        ("ce_type", row["type"].encode()),
        ("ce_source", source),
        ("ce_time", row["occurred_at"].isoformat().encode()),
        ("ce_lane", lane),
        ("content-type", CONTENT_TYPE),
    ]
    if row["causation_id"]:
        headers.append(("ce_causationid", str(row["causation_id"]).encode()))
    if row["traceparent"]:
        headers.append(("traceparent", row["traceparent"].encode()))
    return headers


def _uuid(text: str | None) -> UUID | None:
    # The driver's own subclass is read ten times as quickly, twice a record.
    try:
        return pgproto.UUID(text) if text else None
    except ValueError:
        return None


def _time(text: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
