"""What a run says: sets of invoices, each in the partition of its customers; one bill alone by itself."""

from __future__ import annotations

import zlib

import pytest

from services.invoicing import workers
from shared.contracts.invoicing import InvoiceIssued, InvoicesIssued
from shared.contracts.topics import topic_named
from shared.ids import new_id
from shared.outbox import INTERACTIVE, LARGEST_MESSAGE_BYTES
from tests.integration.invoicing.harness import InvoicingHarness

PARTITIONS = topic_named(InvoicesIssued.topic).partitions


def partition_of(key: str) -> int:
    """As the relay chooses it."""
    return zlib.crc32(key.encode()) % PARTITIONS


async def test_every_customer_of_a_set_belongs_to_the_partition_of_its_key(harness: InvoicingHarness) -> None:
    await harness.ask(harness.sells(other := new_id(), "Home 50", 150_000))
    customers = [
        harness.customer(
            f"C-{place}",
            operator_id=harness.north if place % 3 else harness.south,
            package_id=harness.package if place % 2 else other,
        )
        for place in range(100)
    ]
    await harness.tell(*customers)
    await harness.bill("2026-12")
    said = [heard for heard in await harness.said() if isinstance(heard.message, InvoicesIssued)]
    assert len(said) == len({partition_of(heard.key) for heard in said}) <= PARTITIONS
    for heard in said:
        assert isinstance(heard.message, InvoicesIssued)
        keys = [str(row.customer_id) for row in heard.message.invoices]
        assert {partition_of(key) for key in keys} == {partition_of(heard.key)}
    billed = [invoice.customer_id for invoice in await harness.said_of(InvoiceIssued)]
    assert sorted(billed) == sorted(customer.customer_id for customer in customers)


async def test_a_set_names_only_the_packages_and_operators_of_its_invoices(harness: InvoicingHarness) -> None:
    for place in range(30):
        await harness.ask(harness.sells(package := new_id(), f"Home {place}", 100_000 + place))
        await harness.ask(harness.customer(f"C-{place}", package_id=package))
    await harness.bill("2026-12")
    for said in await harness.said_of(InvoicesIssued):
        assert {each.package_id for each in said.packages} == {row.package_id for row in said.invoices}
        assert {each.operator_id for each in said.operators} == {harness.north}


async def test_what_is_too_long_for_one_record_is_said_in_several(
    harness: InvoicingHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "BYTES_A_SET", 2_000)
    await harness.tell(*(harness.customer(f"C-{place}", name='"' * 200) for place in range(60)))
    await harness.bill("2026-12")
    said = await harness.said_of(InvoicesIssued)
    assert len(said) > PARTITIONS
    assert all(len(each.model_dump_json()) < 5_000 for each in said)
    assert len(await harness.said_of(InvoiceIssued)) == 60


async def test_a_set_of_the_longest_names_fits_into_a_record(harness: InvoicingHarness) -> None:
    longest = "\x01" * 200  # six bytes each, as JSON writes it
    for place in range(20):
        await harness.ask(harness.sells(package := new_id(), longest, 100_000))
        await harness.tell(
            *(
                harness.customer(f"{place}-{number}", name=longest, package_id=package)
                for number in range(100)
            )
        )
    await harness.bill("2026-12")
    payloads = await harness.pool.fetch("SELECT payload FROM outbox WHERE type = $1", InvoicesIssued.type)
    assert max(len(row["payload"].encode()) for row in payloads) < LARGEST_MESSAGE_BYTES
    assert len(await harness.said_of(InvoiceIssued)) == 2_000


async def test_an_invoice_of_a_set_says_what_it_would_say_by_itself(harness: InvoicingHarness) -> None:
    customers = [harness.customer(f"C-{place}", name="Rahima Begum") for place in range(4)]
    await harness.tell(*customers)
    await harness.bill("2026-12", kind="generate_missing", customer_id=customers[0].customer_id)
    assert await harness.said_of(InvoicesIssued) == []
    await harness.bill("2026-12")
    alone, *together = await harness.said_of(InvoiceIssued)
    own = {"invoice_id", "number", "customer_id", "customer_code", "run_id", "issued_at"}
    assert [each.model_dump(exclude=own) for each in together] == [alone.model_dump(exclude=own)] * 3


async def test_the_bill_of_one_customer_is_said_by_itself_and_at_once(harness: InvoicingHarness) -> None:
    customer = harness.customer("C-1")
    await harness.tell(customer, harness.customer("C-2"))
    await harness.bill("2026-12", kind="generate_missing", customer_id=customer.customer_id)
    [heard] = [each for each in await harness.said() if isinstance(each.message, InvoiceIssued)]
    assert (heard.message.customer_id, heard.lane) == (customer.customer_id, INTERACTIVE)
    await harness.bill("2026-12", kind="generate_missing", customer_id=customer.customer_id)
    assert len(await harness.said_of(InvoiceIssued)) == 1
