"""Hand over for rendering: the frozen invoice goes out whole, with what became of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from shared.contracts.documents import RenderDocument, RenderInvoice, Settlement
from shared.contracts.envelope import CommandRefused
from shared.contracts.invoicing import InvoiceIssued, InvoiceVoided, VoidInvoice
from shared.ids import new_id
from tests.integration.invoicing.harness import CLERK, InvoicingHarness


async def billed(harness: InvoicingHarness) -> InvoiceIssued:
    await harness.ask(harness.customer("C-1", address="House 14, Pallabi"))
    await harness.bill("2026-12")
    return (await harness.said_of(InvoiceIssued))[-1]


def wanted(invoice: InvoiceIssued | InvoiceVoided, **differs: Any) -> RenderInvoice:
    return RenderInvoice(
        actor=CLERK, invoice_id=invoice.invoice_id, customer_id=invoice.customer_id, **differs
    )


async def handed_over(harness: InvoicingHarness, command: RenderInvoice) -> RenderDocument:
    end = await harness.ask(command)
    assert isinstance(end, RenderDocument), end
    return end


async def test_the_frozen_invoice_is_said_with_what_was_asked(harness: InvoicingHarness) -> None:
    invoice = await billed(harness)
    settlement = Settlement(
        as_of=datetime(2026, 12, 14, tzinfo=UTC), paid_minor=1, balance_minor=invoice.total_minor - 1
    )
    document_id = new_id()
    said = await handed_over(
        harness,
        wanted(
            invoice,
            document_id=document_id,
            settlement=settlement,
            pay_url="https://pay.example/pay/x",
            language="bn",
            paper="A5",
        ),
    )
    assert said.invoice == invoice
    assert said.customer_address == "House 14, Pallabi"
    assert (said.document_id, said.settlement, said.pay_url) == (
        document_id,
        settlement,
        "https://pay.example/pay/x",
    )
    assert (said.language, said.paper, said.void, said.replaces) == ("bn", "A5", None, None)


async def test_what_a_bulk_action_wants_goes_behind_what_people_wait_for(harness: InvoicingHarness) -> None:
    invoice = await billed(harness)
    alone = await handed_over(harness, wanted(invoice))
    in_bulk = await handed_over(harness, wanted(invoice, bulk_action_id=new_id(), position=7))
    assert (alone.destination(), in_bulk.destination()) == ("documents.commands", "documents.bulk")
    assert in_bulk.position == 7


async def test_a_void_invoice_is_said_with_its_reason_and_what_replaced_it(harness: InvoicingHarness) -> None:
    invoice = await billed(harness)
    void = VoidInvoice(
        actor=CLERK,
        invoice_id=invoice.invoice_id,
        customer_id=invoice.customer_id,
        reason="Wrong package",
        reissue=True,
    )
    await harness.ask(void)
    reissued = (await harness.said_of(InvoiceIssued))[-1]
    said = await handed_over(harness, wanted(invoice))
    assert said.void is not None
    assert (said.void.reason, said.void.reissued_number) == ("Wrong package", reissued.number)
    assert (said.void.reissued_on, said.void.reissued_total_minor) == (
        date(2026, 12, 14),
        reissued.total_minor,
    )
    assert (await handed_over(harness, wanted(reissued))).replaces == invoice.number


async def test_an_unknown_invoice_or_one_elsewhere_in_the_tree_is_not_found(
    harness: InvoicingHarness,
) -> None:
    invoice = await billed(harness)
    for command in (
        RenderInvoice(actor=CLERK, invoice_id=new_id(), customer_id=invoice.customer_id),
        RenderInvoice(actor=CLERK, invoice_id=invoice.invoice_id, customer_id=new_id()),
        wanted(invoice, scope=new_id()),
    ):
        end = await harness.ask(command)
        assert isinstance(end, CommandRefused)
        assert end.code == "not-found"
