"""Rows of notifications in and out: operators, gateways, templates, messages and their attempts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, time, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from services.notifications.domain import State
from shared import clock
from shared.cloudevents import envelope_to_json
from shared.contracts.envelope import Envelope
from shared.contracts.notifications import (
    Language,
    MessageState,
    Provider,
    SmsGatewayChanged,
    SmsTemplateChanged,
    Template,
)
from shared.db import Connection, Pool, Tx, statements
from shared.installation import Installation
from shared.republishing import Republishes
from shared.sms import DEFAULT_TEXTS
from shared.versions import newest

Row: TypeAlias = Mapping[str, Any]
Reader: TypeAlias = "Pool | Connection | Tx"

_queries = statements(__file__)
installation = Installation(_queries)
republishes = Republishes(_queries)


@dataclass(frozen=True, slots=True)
class Operator:
    """A node of the reseller tree; `path` runs from the root to it."""

    name: str
    path: Sequence[UUID]


async def operators(tx: Reader, operator_ids: Collection[UUID]) -> dict[UUID, Operator]:
    """Return those operators that have been heard of."""
    rows = _queries.operators(tx, operator_ids=list(operator_ids))
    return {row["operator_id"]: Operator(row["name"], row["path"]) async for row in rows}


async def routes(tx: Tx, operator_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return the gateways that messages of each operator may take, the first choice first."""
    await _queries.share_routes(tx)
    routes: dict[UUID, list[UUID]] = {each: [] for each in operator_ids}
    async for row in _queries.routes(tx, operator_ids=list(operator_ids)):
        routes[row["operator_id"]].append(row["gateway_id"])
    return routes


@dataclass(frozen=True, slots=True)
class Texts:
    """The templates that count for some operators."""

    own: Mapping[tuple[UUID, str, str], str]

    def of(self, operator_id: UUID, template: Template, language: Language) -> str:
        """Return an operator's text: its own or inherited, else the one everybody starts with."""
        return self.own.get((operator_id, template, language)) or DEFAULT_TEXTS[template, language]


async def texts(tx: Reader, operator_ids: Collection[UUID]) -> Texts:
    """Return the texts of these operators."""
    rows = _queries.texts(tx, operator_ids=list(operator_ids))
    return Texts({(row["operator_id"], row["template"], row["language"]): row["text"] async for row in rows})


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway with work to do; its secrets are still sealed."""

    gateway_id: UUID
    operator_id: UUID
    provider: Provider
    base_url: str | None
    settings: Mapping[str, Any]
    sealed: str | None
    sending_from: time | None = None
    sending_until: time | None = None
    per_minute: int | None = None
    cost_per_segment_minor: int | None = None


_GATEWAY = tuple(each.name for each in fields(Gateway))


def gateway_of(row: Row) -> Gateway:
    """Return a row as the gateway that senders use."""
    return Gateway(**{name: row[name] for name in _GATEWAY})


def gateway_changed(row: Row) -> SmsGatewayChanged:
    """Return a gateway as the world hears of it."""
    return SmsGatewayChanged(
        gateway_id=row["gateway_id"],
        operator_id=row["operator_id"],
        provider=row["provider"],
        priority=row["priority"],
        enabled=row["enabled"],
        base_url=row["base_url"],
        settings=row["settings"],
        secret_sealed_at=row["secret_sealed_at"],
        sending_from=_local(row["sending_from"]),
        sending_until=_local(row["sending_until"]),
        per_minute=row["per_minute"],
        cost_per_segment_minor=row["cost_per_segment_minor"],
        removed=row["removed"],
        changed_by=row["changed_by"],
        changed_at=row["changed_at"],
        version=row["version"],
    )


def _local(moment: time | None) -> str | None:
    return moment.strftime("%H:%M") if moment else None


async def gateways_with_work(pool: Pool) -> list[Gateway]:
    """Return the gateways at which a message waits that may go now."""
    return [gateway_of(row) async for row in _queries.gateways_with_work(pool)]


async def lock_gateway(tx: Tx, gateway_id: UUID) -> Row | None:
    """Return a gateway that nobody else changes until this transaction ends; None for a new one."""
    await _queries.lock_gateway(tx, gateway_id=gateway_id)
    return await gateway(tx, gateway_id)


async def gateway(tx: Reader, gateway_id: UUID | None) -> Row | None:
    """Return a gateway's row; None for one never heard of."""
    row: Row | None = await _queries.gateway(tx, gateway_id=gateway_id)
    return row


async def save_gateway(tx: Tx, row: Mapping[str, Any]) -> None:
    """Write a gateway while nobody puts a message on its way: it sees the gateways of before or of after."""
    await _queries.change_routes(tx)
    await _queries.save_gateway(tx, **row)


async def used_this_minute(tx: Tx, gateway_id: UUID) -> int:
    """Return how many messages a gateway was given this minute, locked until the transaction ends."""
    used: int = await _queries.pace_of(tx, gateway_id=gateway_id)
    return used


async def add_to_minute(tx: Tx, gateway_id: UUID, used: int) -> None:
    """Count messages towards what a gateway bears in a minute."""
    await _queries.keep_pace(tx, gateway_id=gateway_id, used=used)


async def lock_template(
    tx: Tx, operator_id: UUID, template: Template, language: Language
) -> SmsTemplateChanged | None:
    """Return an operator's own text, which nobody else changes until this transaction ends."""
    await _queries.lock_template(tx, operator_id=operator_id)
    row = await _queries.template_of(tx, operator_id=operator_id, template=template, language=language)
    return template_changed(row) if row else None


async def save_template(tx: Tx, changed: SmsTemplateChanged) -> None:
    """Write an operator's own text; one that is None is inherited again."""
    await _queries.save_template(tx, **dict(changed))


def template_changed(row: Row) -> SmsTemplateChanged:
    """Return an operator's own text as the world hears of it."""
    return SmsTemplateChanged(**{name: row[name] for name in SmsTemplateChanged.model_fields})


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its row knows it; the text is sealed."""

    message_id: UUID
    customer_id: UUID | None
    operator_id: UUID
    invoice_id: UUID | None
    bulk_action_id: UUID | None
    template: Template
    language: Language
    mobile: str | None
    sealed_text: str | None
    segments: int
    is_unicode: bool
    state: State
    gateway_id: UUID | None
    is_test: bool
    lane: int
    not_after: datetime
    created_at: datetime
    changed_at: datetime
    provider: Provider | None = None
    tried: tuple[UUID, ...] = ()
    may_pass: bool = False
    tries: int = 0
    asks: int = 0
    code: str | None = None
    detail: str | None = None
    reference: str | None = None
    cost_minor: int | None = None
    holder: UUID | None = None
    test_envelope: Mapping[str, Any] | None = None
    traceparent: str | None = None
    version: int = 1


_MESSAGE = tuple(each.name for each in fields(Message))


def message_of(row: Row) -> Message:
    """Return a row as a message."""
    values = {name: row[name] for name in _MESSAGE}
    return Message(**values | {"tried": tuple(values["tried"])})


async def add_messages(tx: Tx, messages: Sequence[Message]) -> set[UUID]:
    """Add the messages that are not there yet; return their ids."""
    rows = _queries.add_messages(
        tx,
        message_ids=[each.message_id for each in messages],
        customer_ids=[each.customer_id for each in messages],
        operator_ids=[each.operator_id for each in messages],
        invoice_ids=[each.invoice_id for each in messages],
        bulk_action_ids=[each.bulk_action_id for each in messages],
        templates=[each.template for each in messages],
        languages=[each.language for each in messages],
        mobiles=[each.mobile for each in messages],
        sealed_texts=[each.sealed_text for each in messages],
        segments=[each.segments for each in messages],
        are_unicode=[each.is_unicode for each in messages],
        states=[each.state for each in messages],
        gateway_ids=[each.gateway_id for each in messages],
        are_tests=[each.is_test for each in messages],
        codes=[each.code for each in messages],
        details=[each.detail for each in messages],
        lanes=[each.lane for each in messages],
        not_after=[each.not_after for each in messages],
        test_envelopes=[each.test_envelope for each in messages],
        traceparents=[each.traceparent for each in messages],
        now=clock.now(),
    )
    return {row["message_id"] async for row in rows}


async def messages(tx: Reader, message_ids: Collection[UUID]) -> dict[UUID, Message]:
    """Return those messages that are there."""
    rows = _queries.messages(tx, message_ids=list(message_ids))
    return {row["message_id"]: message_of(row) async for row in rows}


async def lock_message(tx: Tx, message_id: UUID) -> Message | None:
    """Return a message that nobody else changes until this transaction ends; None for one never heard of."""
    row = await _queries.lock_message(tx, message_id=message_id)
    return message_of(row) if row else None


async def save(
    tx: Tx,
    message: Message,
    *,
    pause: timedelta | None = None,
    ask_after: timedelta | None = None,
) -> Message:
    """Write a changed message that is locked here; return it with its next version.

    What a provider says of a number that was erased is not kept.
    """
    now, message = clock.now(), _without_what_was_said_of_nobody(message)
    await _queries.save_message(
        tx,
        message_id=message.message_id,
        state=message.state,
        gateway_id=message.gateway_id,
        tried=list(message.tried),
        may_pass=message.may_pass,
        asks=message.asks,
        code=message.code,
        detail=message.detail,
        reference=message.reference,
        cost_minor=message.cost_minor,
        pause_seconds=pause.total_seconds() if pause else 0.0,
        ask_seconds=ask_after.total_seconds() if ask_after else None,
        now=now,
    )
    return replace(message, changed_at=now, version=message.version + 1)


def _without_what_was_said_of_nobody(message: Message) -> Message:
    return message if message.mobile is not None else replace(message, detail=None)


async def claim(
    tx: Tx, gateway: Gateway, *, highest_lane: int, most: int, holder: UUID, lease_seconds: float
) -> list[Message]:
    """Take the next messages of a gateway under a lease."""
    rows = _queries.claim(
        tx,
        gateway_id=gateway.gateway_id,
        provider=gateway.provider,
        highest_lane=highest_lane,
        most=most,
        holder=holder,
        lease_seconds=lease_seconds,
        cost_per_segment_minor=gateway.cost_per_segment_minor,
        now=clock.now(),
    )
    return [message_of(row) async for row in rows]


async def begin_attempts(tx: Tx, gateway: Gateway, messages: Sequence[Message]) -> None:
    """Note that each message is about to be given to a gateway."""
    await _queries.begin_attempts(
        tx,
        message_ids=[each.message_id for each in messages],
        numbers=[each.tries for each in messages],
        gateway_id=gateway.gateway_id,
        provider=gateway.provider,
        now=clock.now(),
    )


async def end_attempt(
    tx: Tx, message: Message, outcome: str, code: str | None, detail: str | None, reference: str | None
) -> None:
    """Note what came of a message's last attempt."""
    await _queries.end_attempt(
        tx,
        message_id=message.message_id,
        number=message.tries,
        outcome=outcome,
        code=code,
        detail=detail,
        reference=reference,
        now=clock.now(),
    )


async def attempt_began_at(pool: Pool, message: Message) -> datetime | None:
    """Return when a message's last attempt began; None where there was none."""
    row = await _queries.attempt(pool, message_id=message.message_id, number=message.tries)
    return row["began_at"] if row else None


_OUTCOMES_HEARD = {"sent": "taken", "delivered": "taken", "failed": "not-taken", "unknown": "unknown"}


async def learn_messages(tx: Tx, said: Collection[MessageState]) -> int:
    """Take in what was said of messages since a backup, and return of how many it is news.

    One that had left the line by then is not sent again, whoever asks for it: it was sent, or failed, or
    nobody knows, which its provider is asked.
    """
    last = newest(said, lambda each: each.message_id, lambda each: each.version)
    known = {
        row["message_id"]: row["version"]
        async for row in _queries.versions_known(tx, message_ids=[each.message_id for each in last])
    }
    heard = [
        _as_it_ended(each)
        for each in last
        if each.state != "queued" and each.version > known.get(each.message_id, 0)
    ]
    await _learn_attempts(tx, heard)
    await _queries.learn_messages(
        tx,
        **{name: [getattr(each, field) for each in heard] for name, field in _SAID.items()},
    )
    return len(heard)


_SAID = {
    "message_ids": "message_id",
    "customer_ids": "customer_id",
    "operator_ids": "operator_id",
    "invoice_ids": "invoice_id",
    "bulk_action_ids": "bulk_action_id",
    "templates": "template",
    "languages": "language",
    "segments": "segments",
    "states": "state",
    "gateway_ids": "gateway_id",
    "providers": "provider",
    "codes": "code",
    "details": "detail",
    "costs_minor": "cost_minor",
    "ats": "at",
    "versions": "version",
}


def _as_it_ended(said: MessageState) -> MessageState:
    """Return what is known of a message that was with its provider when it was last heard of: no end."""
    if said.state != "sending":
        return said
    return said.model_copy(update={"state": "unknown", "version": said.version + 1})


async def _learn_attempts(tx: Tx, heard: Sequence[MessageState]) -> None:
    about: dict[str, list[Any]] = {
        "message_ids": [each.message_id for each in heard],
        "outcomes": [_OUTCOMES_HEARD[each.state] for each in heard],
        "ats": [each.at for each in heard],
    }
    await _queries.end_attempts_heard_of(tx, **about)
    await _queries.add_attempts_heard_of(
        tx,
        **about,
        gateway_ids=[each.gateway_id for each in heard],
        providers=[each.provider for each in heard],
    )


async def claim_question(pool: Pool, lease_seconds: float) -> UUID | None:
    """Take the next message whose end nobody knows and put off its next question; None when none is due."""
    row = await _queries.claim_question(pool, lease_seconds=lease_seconds)
    return row["message_id"] if row else None


async def lost_leases(tx: Tx, most: int) -> list[UUID]:
    """Lock messages whose holder let the lease run out, and return their ids."""
    return [row["message_id"] async for row in _queries.lost_leases(tx, most=most)]


async def expired(tx: Tx, most: int) -> list[UUID]:
    """Lock messages that waited for too long, and return their ids."""
    return [row["message_id"] async for row in _queries.expired(tx, now=clock.now(), most=most)]


async def lock_queued_below(tx: Tx, operator_id: UUID) -> list[Row]:
    """Lock what waits of an operator and of everybody below, tests aside, and return it."""
    return [row async for row in _queries.lock_queued_of(tx, operator_id=operator_id)]


async def reroute(tx: Tx, gateways: Mapping[UUID, UUID | None]) -> None:
    """Let messages wait at other gateways, as if tried nowhere; without a gateway they wait for one."""
    await _queries.reroute(tx, message_ids=list(gateways), gateway_ids=list(gateways.values()))


async def put_into_inbox(pool: Pool, gateway: Gateway, message: Message, text: str) -> None:
    """Lay a message into the sandbox's inbox, once."""
    await _queries.put_into_inbox(
        pool,
        message_id=message.message_id,
        gateway_id=gateway.gateway_id,
        mobile=message.mobile,
        text=text,
        segments=message.segments,
        now=clock.now(),
    )


async def inbox_holds(pool: Pool, message_id: UUID) -> bool:
    """Return whether a message lies in the sandbox's inbox."""
    return bool(await _queries.inbox_holds(pool, message_id=message_id))


async def inbox(pool: Pool, most: int) -> list[Row]:
    """Return what lies in the sandbox's inbox, the newest first."""
    return [row async for row in _queries.inbox(pool, most=most)]


async def start_republish(tx: Tx, command_id: UUID, envelope: Envelope) -> None:
    """Open a republish."""
    await _queries.start_republish(tx, command_id=command_id, envelope=envelope_to_json(envelope))


async def open_republish(tx: Tx) -> Row | None:
    """Lock the oldest republish that has not ended, and return it."""
    row: Row | None = await _queries.open_republish(tx)
    return row


async def advance_republish(tx: Tx, command_id: UUID, said: str, after_id: UUID | None) -> None:
    """Note how far a republish has come, and the last row that the outbox holds for it."""
    await _queries.advance_republish(tx, command_id=command_id, said=said, after_id=after_id)


async def gateways_after(tx: Tx, after_id: UUID | None, most: int) -> list[Row]:
    """Return the next gateways in the order of their ids."""
    return [row async for row in _queries.gateways_after(tx, after_id=after_id, most=most)]


async def templates_after(tx: Tx, after_id: UUID | None, most: int) -> list[Row]:
    """Return the own texts of the next operators, all of each."""
    return [row async for row in _queries.templates_after(tx, after_id=after_id, most=most)]


async def messages_after(tx: Tx, after_id: UUID | None, most: int) -> list[Message]:
    """Return the next messages in the order of their ids."""
    return [message_of(row) async for row in _queries.messages_after(tx, after_id=after_id, most=most)]


async def lock_queued_to(tx: Tx, customer_id: UUID) -> list[Message]:
    """Lock what waits to be sent to a customer, and return it."""
    return [message_of(row) async for row in _queries.lock_queued_to(tx, customer_id=customer_id)]


async def erase_from_messages(tx: Tx, customer_id: UUID) -> list[Message]:
    """Take numbers and texts from a customer's messages that have ended; return those that had any."""
    rows = [row async for row in _queries.erase_from_messages(tx, customer_id=customer_id)]
    await _queries.erase_from_attempts(tx, customer_id=customer_id)
    await _queries.forget_in_the_sandbox(tx, customer_id=customer_id)
    return sorted((message_of(row) for row in rows), key=lambda message: message.message_id)


async def is_message_under_way(tx: Tx, customer_id: UUID) -> bool:
    """Return whether a message to a customer waits or is being sent."""
    return bool(await _queries.is_message_under_way(tx, customer_id=customer_id))
