"""Renderings: what can be drawn is put in line, what cannot is refused at once."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.documents import domain, store
from services.documents.domain import CustomerErased, PaperIsARoll
from services.documents.store import Queued
from shared import erasure
from shared.contracts.catalog import erased_name
from shared.contracts.documents import (
    Addressee,
    Kind,
    MakePrintFile,
    RenderDocument,
    Rendering,
    RenderReceipt,
    RenderStatement,
)
from shared.contracts.envelope import Received
from shared.db import Tx
from shared.refusals import NotFound

# How long the blob store may be away before whoever asked is told that there is no file.
PATIENCE_SECONDS = 30.0
BULK_PATIENCE_SECONDS = 3_600.0
BEHIND_ITS_FILES = 2**62
ROLLS = ("80mm", "58mm")


async def render_invoice(received: Received[RenderDocument], tx: Tx) -> Queued:
    """Put an invoice in line."""
    command = received.data
    if command.paper in ROLLS:
        raise PaperIsARoll("paper")
    await _check_reach(tx, command, command.invoice.operator_id)
    await _check_erased(
        tx, command.invoice.customer_id, command.invoice.customer_code, command.invoice.customer_name
    )
    return queued(received, "invoice")


async def render_receipt(received: Received[RenderReceipt], tx: Tx) -> Queued:
    """Put a payment's receipt in line, for a sheet or a roll."""
    await _check_reach(tx, received.data, received.data.customer.operator_id)
    await _check_erased(tx, *_named(received.data.customer))
    return queued(received, "receipt")


async def render_statement(received: Received[RenderStatement], tx: Tx) -> Queued:
    """Put a statement in line; one whose equation is wrong is refused."""
    command = received.data
    if command.paper in ROLLS:
        raise PaperIsARoll("paper")
    await _check_reach(tx, command, command.customer.operator_id)
    await _check_erased(tx, *_named(command.customer))
    movements = [(entry.billed_minor, entry.paid_minor) for entry in command.entries]
    domain.check_statement(command.opening_minor, movements, command.closing_minor)
    return queued(received, "statement")


async def make_print_file(received: Received[MakePrintFile], tx: Tx) -> Queued:
    """Put the joining of a bulk action's files in line."""
    await _check_reach(tx, received.data, received.data.operator_id)
    return replace(queued(received, "print-file"), position=BEHIND_ITS_FILES)


async def _check_reach(tx: Tx, command: Rendering, operator_id: UUID) -> None:
    """Refuse what lies outside the asker's subtree; an operator not heard of yet is nobody's secret."""
    path = await store.path_of(tx, operator_id)
    if path is not None and command.scope is not None and command.scope not in path:
        raise NotFound


async def _check_erased(tx: Tx, customer_id: UUID, code: str, name: str) -> None:
    """Refuse what still names a customer who was erased: it was asked for before, and comes late."""
    if name != erased_name(code) and await erasure.erased_among(tx, {customer_id}):
        raise CustomerErased


def _named(customer: Addressee) -> tuple[UUID, str, str]:
    return customer.customer_id, customer.code, customer.name


def queued(received: Received[Rendering], kind: Kind) -> Queued:
    """A rendering as it waits in line."""
    command = received.data
    return Queued(
        document_id=command.document_id,
        kind=kind,
        command=command,
        envelope=received.envelope,
        bulk_action_id=command.bulk_action_id,
        position=command.position,
        patience_seconds=BULK_PATIENCE_SECONDS if command.bulk_action_id else PATIENCE_SECONDS,
    )
