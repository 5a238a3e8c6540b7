"""Hand over for rendering: the frozen invoice goes to documents, which keeps no copy of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.invoicing import domain, store
from services.invoicing.handlers.answers import CONSUMER, refused
from services.invoicing.store import Row
from shared import inbox, outbox
from shared.contracts.documents import RenderDocument, RenderInvoice, VoidNote
from shared.contracts.envelope import Message, Received
from shared.db import Tx
from shared.outbox import Said
from shared.refusals import NotFound


async def hand_over(received: Sequence[Received[RenderInvoice]], tx: Tx) -> None:
    """Say each invoice as the rendering that was asked for; a bulk action asks for thousands."""
    fresh = await inbox.recognise(tx, received, CONSUMER)
    invoices = await store.invoices_to_render(tx, {command.data.invoice_id for command in fresh})
    await outbox.say(tx, [Said(_end(command, invoices), because=command.envelope) for command in fresh])


def _end(received: Received[RenderInvoice], invoices: dict[UUID, Row]) -> Message:
    wanted = received.data
    row = invoices.get(wanted.invoice_id)
    if (
        row is None
        or row["customer_id"] != wanted.customer_id
        or not domain.is_within(row["path"], wanted.scope)
    ):
        return refused(NotFound(), wanted)
    return RenderDocument(
        actor=wanted.actor,
        scope=wanted.scope,
        document_id=wanted.document_id or received.id,
        invoice=store.invoice_issued(row),
        customer_address=row["address"],
        settlement=wanted.settlement,
        pay_url=wanted.pay_url,
        void=_void_note(row),
        replaces=row["replaces"],
        language=wanted.language,
        paper=wanted.paper,
        bulk_action_id=wanted.bulk_action_id,
        position=wanted.position,
    )


def _void_note(row: Row) -> VoidNote | None:
    if row["voided_at"] is None:
        return None
    return VoidNote(
        voided_at=row["voided_at"],
        reason=row["void_reason"],
        reissued_number=row["reissued_number"],
        reissued_on=row["reissued_on"],
        reissued_total_minor=row["reissued_total_minor"],
    )
