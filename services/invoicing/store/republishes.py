"""Republishes as rows, ended by what all services share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.invoicing.store.statements import Row, queries
from shared import clock
from shared.cloudevents import envelope_to_json
from shared.contracts.catalog import CustomerChanged, CustomerErased, OperatorChanged, PackageChanged
from shared.contracts.envelope import Envelope
from shared.contracts.invoicing import InvoiceIssued, InvoiceVoided, RunProgressed
from shared.db import Tx
from shared.republishing import Republishes

ends = Republishes(queries)


async def start(tx: Tx, command_id: UUID, envelope: Envelope, subjects: Sequence[str]) -> None:
    """Open a republish of these subjects."""
    await queries.start_republish(
        tx, command_id=command_id, envelope=envelope_to_json(envelope), subjects=subjects
    )


async def lock_open(tx: Tx) -> Row | None:
    """Lock the oldest republish that has not ended, and return it."""
    row: Row | None = await queries.open_republish(tx)
    return row


async def say_piece(tx: Tx, republish: Row, subject: str, most: int) -> Row:
    """Say the next rows of a subject by one statement; return how many, and the last."""
    statement, names = _SAY[subject]
    place = {"after_id": republish["after_id"], "most": most, "now": clock.now()}
    if subject == "runs":
        place["after_version"] = republish["after_version"]
    piece: Row = await statement(tx, **names, **place)
    return piece


async def advance(
    tx: Tx, republish: Row, *, said: int, after_id: UUID | None, after_version: int, last_outbox_id: int
) -> None:
    """Note how far a republish has come, and the last row that the outbox holds for it."""
    await queries.advance_republish(
        tx,
        command_id=republish["command_id"],
        said=said,
        after_id=after_id,
        after_version=after_version,
        last_outbox_id=last_outbox_id,
    )


_SAY: Mapping[str, tuple[Any, Mapping[str, str]]] = {
    "operators": (
        queries.republish_operators,
        {"topic": OperatorChanged.topic, "type": OperatorChanged.type},
    ),
    "packages": (queries.republish_packages, {"topic": PackageChanged.topic, "type": PackageChanged.type}),
    "customers": (
        queries.republish_customers,
        {"topic": CustomerChanged.topic, "type": CustomerChanged.type},
    ),
    "erased": (queries.republish_erased, {"topic": CustomerErased.topic, "type": CustomerErased.type}),
    "invoices": (
        queries.republish_invoices,
        {
            "topic": InvoiceIssued.topic,
            "issued_type": InvoiceIssued.type,
            "voided_type": InvoiceVoided.type,
        },
    ),
    "runs": (queries.republish_runs, {"topic": RunProgressed.topic, "type": RunProgressed.type}),
}
