"""Drawings: what a command to render asks for, and the job that a rendering process makes of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.documents import domain
from services.documents.domain import Letterhead
from shared.contracts.documents import (
    Kind,
    RenderDocument,
    Rendering,
    RenderReceipt,
    RenderStatement,
)
from shared.installation import Place
from shared.values.file_names import file_name

# What a command says besides what the file shows.
_NOT_SHOWN = {"actor", "scope", "document_id", "language", "paper", "bulk_action_id", "position", "as_of"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A document to be drawn: which template, for whom, under whose letterhead as of when."""

    kind: Kind
    template: str
    command: RenderDocument | RenderReceipt | RenderStatement
    asked: Rendering
    subject_id: UUID
    customer_id: UUID | None
    operator_id: UUID
    operator_name: str
    currency: str
    letterhead_of: datetime  # the moment whose profile it shows
    as_of: datetime
    file_name: str


def drawing_of(kind: str, command: dict[str, Any], now: datetime) -> Drawing:
    """Return the drawing that a claimed command asks for."""
    if kind == "invoice":
        return _invoice(RenderDocument.model_validate(command, strict=False), now)
    if kind == "receipt":
        return _receipt(RenderReceipt.model_validate(command, strict=False))
    return _statement(RenderStatement.model_validate(command, strict=False))


def _invoice(command: RenderDocument, now: datetime) -> Drawing:
    bill = command.invoice
    return Drawing(
        kind="invoice",
        template="invoice",
        command=command,
        asked=command,
        subject_id=bill.invoice_id,
        customer_id=bill.customer_id,
        operator_id=bill.operator_id,
        operator_name=bill.operator_name,
        currency=bill.currency,
        letterhead_of=bill.issued_at,
        as_of=command.settlement.as_of if command.settlement else now,
        file_name=file_name(bill.number, bill.customer_name),
    )


def _receipt(command: RenderReceipt) -> Drawing:
    customer = command.customer
    return Drawing(
        kind="receipt",
        template="receipt",
        command=command,
        asked=command,
        subject_id=command.payment_id,
        customer_id=customer.customer_id,
        operator_id=customer.operator_id,
        operator_name=customer.operator_name,
        currency=command.currency,
        letterhead_of=command.recorded_at,
        as_of=command.as_of,
        file_name=file_name(f"Receipt {command.number}", customer.name),
    )


def _statement(command: RenderStatement) -> Drawing:
    customer = command.customer
    return Drawing(
        kind="statement",
        template="statement",
        command=command,
        asked=command,
        subject_id=customer.customer_id,
        customer_id=customer.customer_id,
        operator_id=customer.operator_id,
        operator_name=customer.operator_name,
        currency=command.currency,
        letterhead_of=command.as_of,
        as_of=command.as_of,
        file_name=file_name(f"Statement {customer.code}", f"{customer.name} {command.to_date}"),
    )


def job_of(drawing: Drawing, letterhead: Letterhead, place: Place) -> dict[str, Any]:
    """Return the job of a rendering process."""
    return {
        "job": "document",
        "template": drawing.template,
        "command": drawing.command.model_dump(mode="json"),
        "letterhead": dataclasses.asdict(letterhead),
        "language": drawing.asked.language or letterhead.language,
        "paper": drawing.asked.paper or letterhead.paper,
        "currency": drawing.currency,
        "time_zone": place.time_zone,
    }


def digest_of(header: dict[str, Any]) -> str:
    """Return the digest of what the file shows; not of who asked for it, nor of the time."""
    command = {name: value for name, value in header["command"].items() if name not in _NOT_SHOWN}
    if command.get("settlement"):
        command["settlement"] = {**command["settlement"], "as_of": None}
    return domain.digest({**header, "command": command})
