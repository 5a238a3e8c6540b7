"""How far the open runs are, as the on-call engineer sees it."""

from __future__ import annotations

from datetime import date

import pytest
from prometheus_client import REGISTRY

from services.invoicing import workers
from services.invoicing.workers import measure_runs, work_on_runs
from shared.contracts.catalog import ChangePackage
from shared.ids import new_id
from tests.integration.invoicing.harness import CLERK, InvoicingHarness


def shown() -> dict[str, float | None]:
    names = {"open": "ispbills_runs_open", "failed": "ispbills_run_failed_customers"}
    states = {
        state: REGISTRY.get_sample_value("ispbills_run_customers", {"state": state})
        for state in ("expected", "done")
    }
    return {name: REGISTRY.get_sample_value(metric) for name, metric in names.items()} | states


async def test_a_run_shows_its_progress_while_it_is_open(
    harness: InvoicingHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "CUSTOMERS_A_CHUNK", 2)
    await harness.tell(
        *(harness.customer(f"C-{n}") for n in range(4)), harness.customer("S-1", status="suspended")
    )
    await harness.tell(harness.start("2026-12"), harness.start("2026-12", dry_run=True))
    assert await work_on_runs(harness.pool)
    assert await work_on_runs(harness.pool)
    assert await work_on_runs(harness.pool)
    await measure_runs(harness.pool)
    assert shown() == {"open": 1, "expected": 5, "done": 2, "failed": 0}
    await harness.work()
    await measure_runs(harness.pool)
    assert shown() == {"open": 0, "expected": 0, "done": 0, "failed": 0}


async def test_who_failed_is_told_of_until_a_later_run_bills_them(harness: InvoicingHarness) -> None:
    await harness.ask(harness.sells(huge := new_id(), "Stadium", 2**53 - 1))
    await harness.tell(
        harness.customer("N-1", package_id=huge), harness.customer("S-1", operator_id=harness.south)
    )
    assert (await harness.bill("2026-12")).failed == 1
    await harness.bill("2026-12", operator_id=harness.south)
    await harness.ask(harness.customer("N-2", package_id=huge, since=date(2026, 12, 10)))
    assert (await harness.bill("2026-12", kind="generate_missing", operator_id=harness.north)).failed == 2
    await harness.bill("2026-12")
    await measure_runs(harness.pool)
    assert shown()["failed"] == 3, "who joined since was left out by the last one"
    await harness.ask(ChangePackage(actor=CLERK, package_id=huge, price_minor=100_000))
    assert (await harness.bill("2026-12", kind="generate_missing")).created == 2
    await measure_runs(harness.pool)
    assert shown()["failed"] == 0
