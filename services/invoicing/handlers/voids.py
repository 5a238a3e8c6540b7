"""Void and reissue: an invoice without money on it ends, and may be issued anew as of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.invoicing import domain, store
from services.invoicing.domain import LONGEST_WAIT_FOR_MONEY, NothingToBill, Price
from services.invoicing.store import Row, invoices
from services.invoicing.store.invoices import Issue
from shared import clock, outbox
from shared.contracts.envelope import Received
from shared.contracts.invoicing import InvoiceVoided, VoidInvoice
from shared.contracts.payments import MoneyMoved
from shared.db import Tx
from shared.ids import new_id
from shared.outbox import Said
from shared.refusals import NotFound


async def void_invoice(received: Received[VoidInvoice], tx: Tx) -> InvoiceVoided | None:
    """Void at once, or, when the caller knew more of the invoice's money than we do, once we do too."""
    wanted = received.data
    invoice = await invoices.of_customer(tx, wanted.invoice_id, wanted.customer_id)
    if invoice is None or not domain.is_within(invoice["path"], wanted.scope):
        raise NotFound
    _, known = await store.money_on(tx, wanted.invoice_id)
    if known < wanted.seen_receivable_version:
        await store.park_void(tx, wanted, received.envelope, clock.now() + LONGEST_WAIT_FOR_MONEY)
        return None
    return await settle_void(tx, wanted, received.envelope.lane)


async def lock_counters(commands: Sequence[VoidInvoice], tx: Tx) -> None:
    """Lock the counters of all that may be issued anew, in the one order there is, before any is decided."""
    customer_ids = [command.customer_id for command in commands if command.reissue]
    if customer_ids:
        await store.lock_counters_of_customers(tx, customer_ids)


@dataclass(frozen=True, slots=True)
class _Reissue:
    """The invoice that is to stand in a void one's place: its id, number and terms of today."""

    id: UUID
    sequence: int
    terms: Row

    @property
    def price(self) -> Price:
        return Price(self.terms["price_minor"], self.terms["vat_basis_points"])


async def settle_void(tx: Tx, wanted: VoidInvoice, lane: int) -> InvoiceVoided:
    """Void, and reissue where that is wanted; by what is known of the invoice's money now."""
    reissue = await _prepare(tx, wanted) if wanted.reissue else None
    invoice = await invoices.lock(tx, wanted.invoice_id)
    paid_minor, _ = await store.money_on(tx, wanted.invoice_id)
    domain.check_void(
        is_void=invoice["voided_at"] is not None,
        is_reissued=invoice["reissued_as"] is not None,
        reissue=wanted.reissue,
        paid_minor=paid_minor,
    )
    if reissue is not None and not reissue.price.is_billable:
        raise NothingToBill
    voided = await invoices.void(
        tx,
        wanted.invoice_id,
        reason=wanted.reason,
        voided_by=wanted.actor.signed_as,
        reissued_as=reissue.id if reissue else None,
    )
    if reissue is not None:
        await _issue(tx, reissue, invoice, lane)
    return store.invoice_voided(voided)


async def _prepare(tx: Tx, wanted: VoidInvoice) -> _Reissue:
    terms = await invoices.reissue_terms(tx, wanted.customer_id)
    sequence = await store.lock_counter(tx, terms["operator_id"])
    return _Reissue(wanted.reissue_id or new_id(), sequence, terms)


async def _issue(tx: Tx, reissue: _Reissue, invoice: Row, lane: int) -> None:
    settings = await store.billing_settings(tx)
    terms, price = reissue.terms, reissue.price
    issued_on = domain.issue_date(invoice["period"], settings.today)
    issue = Issue(
        id=reissue.id,
        operator_id=terms["operator_id"],
        customer_id=invoice["customer_id"],
        package_id=terms["package_id"],
        sequence=reissue.sequence,
        net_minor=price.net_minor,
        vat_minor=price.vat_minor,
        total_minor=price.total_minor,
        issued_at=clock.now(),
        issued_on=issued_on,
        due_on=domain.due_date(issued_on, settings.due_days),
        vat_basis_points=price.vat_basis_points,
        period=invoice["period"],
        currency=settings.currency,
        number=domain.invoice_number(terms["operator_code"], reissue.sequence),
        operator_name=terms["operator_name"],
        package_name=terms["package_name"],
        customer_code=terms["code"],
        customer_name=terms["name"],
        customer_mobile=terms["mobile"],
        reissue_of=invoice["id"],
    )
    row = await invoices.issue(tx, issue)
    await store.count_on(tx, terms["operator_id"], reissue.sequence + 1)
    await outbox.say(tx, [Said(store.invoice_issued(row))], lane=lane)


async def hear_money(received: Sequence[Received[MoneyMoved]], tx: Tx) -> None:
    """Remember what is paid on each invoice; the newest of a batch is enough."""
    newest: dict[UUID, tuple[int, int]] = {}
    for message in received:
        for receivable in message.data.receivables:
            known = newest.get(receivable.invoice_id)
            if known is None or known[1] < receivable.version:
                newest[receivable.invoice_id] = (receivable.paid_minor, receivable.version)
    if newest:
        await store.learn_money(tx, newest)
