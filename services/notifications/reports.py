"""Delivery reports: what a provider tells later, believed only from whoever can prove to be it.

A report changes nothing but the state of a message that was sent, or may have been; the same again changes
nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
from uuid import UUID

from services.notifications import domain, store
from services.notifications.domain import SecretUnreadable
from services.notifications.handlers.answers import lane_of, said
from services.notifications.providers import twilio
from services.notifications.store import Message
from services.notifications.vault import Vault
from shared import outbox
from shared.contracts.notifications import Provider
from shared.db import Pool, Tx, in_transaction

Verdict: TypeAlias = Literal["sent", "delivered", "failed"]

_DELIVERED = ("delivered", "delivrd", "dlvrd", "delivery_success", "read")
_FAILED = (
    "failed",
    "undelivered",
    "undeliv",
    "undelivrd",
    "expired",
    "rejected",
    "rejectd",
    "delivery_failed",
)
_SENT = ("sent", "accepted", "acceptd", "enroute", "submitted", "queued", "sending")
_STATUS_FIELDS = (
    "status",
    "message_status",
    "messagestatus",
    "delivery_status",
    "deliverystatus",
    "dlr",
    "stat",
    "state",
)


@dataclass(frozen=True, slots=True)
class Report:
    """A provider's report of a message."""

    verdict: Verdict
    code: str | None = None
    detail: str | None = None
    reference: str | None = None


class NotSigned(Exception):
    """The report does not come from whom it says."""


class NoSuchMessage(Exception):
    """No message of that provider has this id."""


def report_url(vault: Vault, public_url: str, provider: Provider, message_id: UUID) -> str | None:
    """Return where a provider may tell what became of a message; None where it cannot reach us."""
    if not public_url or provider not in ("twilio", "http"):
        return None
    place = f"{public_url.rstrip('/')}/reports/{provider}/{message_id}"
    return place if provider == "twilio" else f"{place}/{token_of(vault, message_id)}"


def token_of(vault: Vault, message_id: UUID) -> str:
    """Return what nobody can guess who was not told it with the message."""
    key = hashlib.sha256(b"report " + vault.key.get_secret_value().encode()).digest()
    return hmac.new(key, message_id.bytes, hashlib.sha256).hexdigest()[:32]


async def hear_twilio(
    pool: Pool, vault: Vault, public_url: str, message_id: UUID, form: Mapping[str, str], signature: str
) -> None:
    """Believe a report that is signed with the token of the account that sent; raises NotSigned."""
    message = await _message(pool, message_id, "twilio")
    row = await store.gateway(pool, message.gateway_id)
    try:
        secrets, _ = vault.secrets(row["sealed"], row["operator_id"], "twilio") if row else ({}, None)
    except SecretUnreadable as error:
        raise NotSigned from error
    url = report_url(vault, public_url, "twilio", message_id)
    token = secrets.get("auth_token")
    if not token or not url or not twilio.is_signed(token, url, form, signature):
        raise NotSigned
    status = form.get("MessageStatus", "").lower()
    detail = domain.words(form.get("ErrorMessage") or f"Twilio says: {status}.")
    code = domain.words(form.get("ErrorCode"), domain.LONGEST_CODE)
    await _hear(pool, message_id, _report(status, code, detail, domain.words(form.get("MessageSid"), 100)))


async def hear_generic(
    pool: Pool, vault: Vault, message_id: UUID, token: str, said_fields: Mapping[str, str]
) -> None:
    """Believe a report at the address that went out with the message alone; raises NotSigned."""
    if not hmac.compare_digest(token.encode(), token_of(vault, message_id).encode()):
        raise NotSigned
    await _message(pool, message_id, "http")
    fields = {name.lower(): value for name, value in said_fields.items()}
    status = next((fields[name] for name in _STATUS_FIELDS if name in fields), "").strip().lower()
    detail = domain.words(fields.get("detail") or fields.get("error") or f"The provider says: {status}.")
    code = domain.words(fields.get("error_code") or fields.get("code"), domain.LONGEST_CODE)
    await _hear(pool, message_id, _report(status, code, detail, None))


def _report(status: str, code: str | None, detail: str | None, reference: str | None) -> Report | None:
    verdict: Verdict | None = (
        "delivered"
        if status in _DELIVERED
        else "failed"
        if status in _FAILED
        else "sent"
        if status in _SENT
        else None
    )
    return Report(verdict, code, detail, reference) if verdict else None


async def _message(pool: Pool, message_id: UUID, provider: Provider) -> Message:
    message = (await store.messages(pool, [message_id])).get(message_id)
    if message is None or message.provider != provider:
        raise NoSuchMessage
    return message


async def _hear(pool: Pool, message_id: UUID, report: Report | None) -> None:
    if report is None:
        return
    async with in_transaction(pool) as tx:
        message = await store.lock_message(tx, message_id)
        if message is not None and (heard := _heard(message, report)) is not None:
            await _save(tx, message, heard, report)


def _heard(message: Message, report: Report) -> Message | None:
    """Return a message as it is after a report; None where it changes nothing."""
    if message.state not in ("sending", "unknown", "sent") or message.state == report.verdict:
        return None
    failed = report.verdict == "failed"
    return replace(
        message,
        state=report.verdict,
        code=report.code if failed else None,
        detail=report.detail if failed else None,
        reference=report.reference or message.reference,
    )


async def _save(tx: Tx, message: Message, heard: Message, report: Report) -> None:
    if message.state != "sent":  # the report is the answer that the attempt still lacked
        await store.end_attempt(tx, message, "taken", report.code, report.detail, heard.reference)
    saved = await store.save(tx, heard)
    await outbox.say(tx, [said(saved)], lane=lane_of(saved))
