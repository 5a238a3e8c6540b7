"""A run goes no further ahead of the relay than so much, and no desk waits for it."""

from __future__ import annotations

import pytest

from services.invoicing import workers
from shared.contracts.invoicing import InvoiceIssued
from tests.integration.invoicing.harness import InvoicingHarness


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CUSTOMERS_A_CHUNK", 10)
    monkeypatch.setattr(workers, "BYTES_AHEAD", 1)


async def created(harness: InvoicingHarness) -> int:
    return int(await harness.pool.fetchval("SELECT created FROM run"))


async def test_a_run_waits_until_its_invoices_have_gone_out(harness: InvoicingHarness) -> None:
    await harness.tell(*(harness.customer(f"C-{place:02}") for place in range(30)))
    await harness.tell(harness.start("2026-12"))
    billed = []
    for _ in range(3):
        await harness.work()
        await harness.work()
        billed += [invoice.customer_id for invoice in await harness.said_of(InvoiceIssued)]
        assert len(set(billed)) == len(billed) == await created(harness)
        await harness.pool.execute("DELETE FROM outbox")
    assert len(billed) == await created(harness) == 30
    assert await harness.pool.fetchval("SELECT state FROM run") == "completed"


async def test_a_bill_at_the_desk_and_a_dry_run_wait_for_no_invoice(harness: InvoicingHarness) -> None:
    customers = [harness.customer(f"C-{place:02}") for place in range(30)]
    await harness.tell(*customers)
    await harness.tell(harness.start("2026-12"))
    await harness.work()
    billed = {invoice.customer_id for invoice in await harness.said_of(InvoiceIssued)}
    assert len(billed) == 10
    waiting = next(each.customer_id for each in customers if each.customer_id not in billed)
    alone = await harness.bill("2026-12", kind="generate_missing", customer_id=waiting)
    assert (alone.state, alone.created) == ("completed", 1)
    dry = await harness.bill("2026-12", dry_run=True)
    assert (dry.state, dry.created, dry.already_billed) == ("completed", 19, 11)
    assert len(await harness.said_of(InvoiceIssued)) == 11


async def test_what_waits_of_other_topics_holds_up_no_run(harness: InvoicingHarness) -> None:
    await harness.pool.execute(
        "INSERT INTO outbox (lane, topic, key, type, payload, occurred_at)"
        " SELECT 1, 'a.topic.that.is.missing', 'k', 't', repeat('x', 99), now() FROM generate_series(1, 9)"
    )
    await harness.tell(*(harness.customer(f"C-{place}") for place in range(5)))
    await harness.tell(harness.start("2026-12"))
    await harness.work()
    assert await harness.pool.fetchval("SELECT state FROM run") == "completed"
