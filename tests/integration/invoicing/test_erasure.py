"""Erasing a customer: refused while anything is open, then a code is what the books keep."""

from __future__ import annotations

import asyncpg
import pytest

from services.invoicing import workers
from shared import erasure
from shared.contracts import catalog
from shared.contracts.catalog import (
    ChangeCustomer,
    CustomerChanged,
    CustomerErased,
    CustomerLine,
    CustomerStatus,
    EraseCustomer,
)
from shared.contracts.envelope import CommandRefused
from shared.contracts.invoicing import InvoiceIssued, InvoiceVoided, Republish
from shared.ids import new_id
from tests.integration.invoicing.harness import CLERK, InvoicingHarness
from tests.integration.invoicing.test_voids import money, void
from tests.integration.traces import traces_of

NAME, MOBILE, ADDRESS = "Nadira Begum Shefali", "+8801799887766", "Shefali Villa"


async def leaving(harness: InvoicingHarness) -> catalog.CreateCustomer:
    """A customer who has closed, with a void invoice and the paid one in its place."""
    customer = harness.customer("C-1", name=NAME, mobile=MOBILE, address=ADDRESS, alternate_mobile=MOBILE)
    await harness.ask(customer)
    await harness.bill("2026-12")
    (wrong,) = await harness.said_of(InvoiceIssued)
    await harness.ask(void(wrong, reason=f"{NAME} moved", reissue=True, reissue_id=new_id()))
    right = (await harness.said_of(InvoiceIssued))[-1]
    await harness.tell(money(right, right.total_minor, 1))
    await harness.ask(ChangeCustomer(actor=CLERK, customer_id=customer.customer_id, status="closed"))
    return customer


def erasing(customer: catalog.CreateCustomer) -> EraseCustomer:
    return EraseCustomer(actor=CLERK, customer_id=customer.customer_id)


async def test_the_books_keep_a_code_and_say_so_in_newer_versions(harness: InvoicingHarness) -> None:
    customer = await leaving(harness)
    before = {each.invoice_id: each for each in await harness.said_of(InvoiceIssued)}
    command_id = new_id()

    said = [each.message for each in await harness.tell(erasing(customer), ids=[command_id])]

    changed, voided, issued, erased = said
    assert isinstance(changed, CustomerChanged)
    assert (changed.name, changed.mobile, changed.address) == ("Erased customer C-1", None, "")
    assert isinstance(erased, CustomerErased)
    assert (erased.code, erased.version) == ("C-1", changed.version)
    assert isinstance(issued, InvoiceIssued)
    assert isinstance(voided, InvoiceVoided)
    for invoice in (issued, voided):
        was = before[invoice.invoice_id]
        assert (invoice.customer_name, invoice.customer_mobile) == ("Erased customer C-1", None)
        kept = {"number", "period", "total_minor", "customer_id", "customer_code", "issued_at"}
        assert invoice.model_dump(include=kept) == was.model_dump(include=kept)
        assert invoice.version > was.version
    await erasure.forgetting(workers.forget_erased)(harness.pool)
    assert await traces_of(harness.pool, NAME, MOBILE, ADDRESS) == []


async def test_the_same_command_again_says_the_same_and_changes_nothing(harness: InvoicingHarness) -> None:
    customer = await leaving(harness)
    first = await harness.ask(erasing(customer))
    again = await harness.tell(erasing(customer))
    assert [each.message for each in again] == [first]


@pytest.mark.parametrize(
    ("status", "is_paid", "code"), [("active", True, "not-closed"), ("closed", False, "still-owes")]
)
async def test_who_is_served_or_owes_is_not_erased(
    harness: InvoicingHarness, status: CustomerStatus, is_paid: bool, code: str
) -> None:
    customer = harness.customer("C-1", name=NAME)
    await harness.ask(customer)
    await harness.bill("2026-12")
    if is_paid:
        invoice = (await harness.said_of(InvoiceIssued))[-1]
        await harness.tell(money(invoice, invoice.total_minor, 1))
    await harness.ask(ChangeCustomer(actor=CLERK, customer_id=customer.customer_id, status=status))
    end = await harness.ask(erasing(customer))
    assert isinstance(end, CommandRefused)
    assert end.code == code
    assert (await harness.said_of(CustomerChanged))[-1].name == NAME


async def test_neither_a_change_nor_a_file_brings_an_erased_customer_back(harness: InvoicingHarness) -> None:
    customer = await leaving(harness)
    await harness.ask(erasing(customer))
    end = await harness.ask(ChangeCustomer(actor=CLERK, customer_id=customer.customer_id, name=NAME))
    assert isinstance(end, CommandRefused)
    assert end.code == "customer-erased"
    line = CustomerLine(line=2, customer_id=new_id(), code="C-1", name=NAME, mobile=MOBILE, operator="NORTH")
    report = await harness.ask(catalog.ImportCustomers(actor=CLERK, import_id=new_id(), lines=(line,)))
    assert isinstance(report, catalog.CustomersImported)
    assert [each.reasons[0].code for each in report.refused] == ["CustomerErased"]
    assert await harness.pool.fetchval("SELECT name FROM customer") == "Erased customer C-1"
    exported = line.model_copy(update={"name": "Erased customer C-1", "mobile": None})
    report = await harness.ask(catalog.ImportCustomers(actor=CLERK, import_id=new_id(), lines=(exported,)))
    assert isinstance(report, catalog.CustomersImported)
    assert (report.unchanged, report.refused) == (1, ())


async def test_an_invoice_names_its_customer_or_an_erased_one_and_nobody_else(
    harness: InvoicingHarness,
) -> None:
    customer = await leaving(harness)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="frozen"):
        await harness.pool.execute("UPDATE invoice SET customer_name = 'Somebody else'")
    await harness.ask(erasing(customer))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="frozen"):
        await harness.pool.execute("UPDATE invoice SET customer_name = 'Somebody else'")


async def test_a_republish_says_again_who_was_erased(harness: InvoicingHarness) -> None:
    erased = await harness.ask(erasing(await leaving(harness)))
    await harness.tell(Republish(actor=CLERK, service="invoicing", subjects=("erased",)))
    await harness.pool.execute("DELETE FROM outbox")
    while await workers.republish(harness.pool):
        pass
    assert await harness.said_of(CustomerErased) == [erased]
