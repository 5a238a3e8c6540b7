"""Rows of notifications in and out: operators, gateways, templates, messages and their attempts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, time, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from services.notifications.domain import State
from shared import clock, installation
from shared.contracts.notifications import Language, Provider, SmsGatewayChanged, SmsTemplateChanged, Template
from shared.db import Connection, Pool, Tx, statements
from shared.installation import Place
from shared.sms import DEFAULT_TEXTS

Row: TypeAlias = Mapping[str, Any]
Reader: TypeAlias = "Pool | Connection | Tx"

queries = statements(__file__)


async def billing_place(tx: Reader) -> Place:
    """Return where the installation bills."""
    return await installation.billing_place(tx, queries)


@dataclass(frozen=True, slots=True)
class Operator:
    """A node of the reseller tree; `path` runs from the root to it."""

    name: str
    path: Sequence[UUID]


async def operators(tx: Reader, operator_ids: Collection[UUID]) -> dict[UUID, Operator]:
    """Return those operators that have been heard of."""
    rows = queries.operators(tx, operator_ids=list(operator_ids))
    return {row["operator_id"]: Operator(row["name"], row["path"]) async for row in rows}


async def routes(tx: Tx, operator_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return the gateways that messages of each operator may take, the first choice first."""
    await queries.share_routes(tx)
    found: dict[UUID, list[UUID]] = {each: [] for each in operator_ids}
    async for row in queries.routes(tx, operator_ids=list(operator_ids)):
        found[row["operator_id"]].append(row["gateway_id"])
    return found


@dataclass(frozen=True, slots=True)
class Texts:
    """The templates that count for some operators."""

    own: Mapping[tuple[UUID, str, str], str]

    def of(self, operator_id: UUID, template: Template, language: Language) -> str:
        """Return an operator's text: its own or inherited, else the one everybody starts with."""
        return self.own.get((operator_id, template, language)) or DEFAULT_TEXTS[template, language]


async def texts(tx: Reader, operator_ids: Collection[UUID]) -> Texts:
    """Return the texts of these operators."""
    rows = queries.texts(tx, operator_ids=list(operator_ids))
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
    version: int = 1


_MESSAGE = tuple(each.name for each in fields(Message))


def message_of(row: Row) -> Message:
    """Return a row as a message."""
    values = {name: row[name] for name in _MESSAGE}
    return Message(**values | {"tried": tuple(values["tried"])})


async def add_messages(tx: Tx, messages: Sequence[Message]) -> set[UUID]:
    """Add the messages that are not there yet; return their ids."""
    rows = queries.add_messages(
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
        now=clock.now(),
    )
    return {row["message_id"] async for row in rows}


async def messages(tx: Reader, message_ids: Collection[UUID]) -> dict[UUID, Message]:
    """Return those messages that are there."""
    rows = queries.messages(tx, message_ids=list(message_ids))
    return {row["message_id"]: message_of(row) async for row in rows}


async def lock_message(tx: Tx, message_id: UUID) -> Message | None:
    """Return a message that nobody else changes until this transaction ends; None for one never heard of."""
    row = await queries.lock_message(tx, message_id=message_id)
    return message_of(row) if row else None


async def save(
    tx: Tx,
    message: Message,
    *,
    pause: timedelta | None = None,
    ask_after: timedelta | None = None,
) -> Message:
    """Write a changed message that is locked here; return it with its next version."""
    now = clock.now()
    await queries.save_message(
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
