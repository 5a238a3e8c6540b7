"""A month's run: who is billed, under which number, once, whoever asks and however often."""

from __future__ import annotations

import asyncio
import random
from datetime import date, timedelta
from typing import Any

import pytest

from services.invoicing import domain, workers
from services.invoicing.domain import Price, Subscriber
from services.invoicing.store import runs
from services.invoicing.workers import open_automatic_run, work_on_runs
from shared.contracts.catalog import ChangeBillingSettings, ChangePackage, CreateCustomer
from shared.contracts.envelope import CommandRefused
from shared.contracts.invoicing import InvoiceIssued, InvoiceVoided, RunProgressed, VoidInvoice
from shared.ids import new_id
from tests.integration.invoicing.conftest import SetClock
from tests.integration.invoicing.harness import CLERK, InvoicingHarness


def reconciles(run: RunProgressed) -> bool:
    return run.expected == run.created + run.already_billed + sum(run.skipped.values()) + run.failed


async def test_an_invoice_carries_everything_that_it_was_made_of(harness: InvoicingHarness) -> None:
    customer = harness.customer("C-1", name='Karim "K" Uddin \\ করিম\n', mobile=None)
    await harness.ask(customer)
    run = await harness.bill("2026-12")
    [invoice] = await harness.said_of(InvoiceIssued)
    assert (invoice.number, invoice.period) == ("NORTH-000001", "2026-12")
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 12, 14), date(2026, 12, 24))
    assert (invoice.net_minor, invoice.vat_minor, invoice.total_minor) == (100_000, 5_000, 105_000)
    assert [line.total_minor for line in invoice.lines] == [105_000]
    assert (invoice.customer_name, invoice.customer_mobile) == (customer.name, None)
    assert (invoice.operator_name, invoice.package_name, invoice.version) == ("NORTH Net", "Home 30", 1)
    assert invoice.run_id == run.run_id
    assert (run.state, run.expected, run.created, run.total_minor) == ("completed", 1, 1, 105_000)


async def test_every_customer_is_accounted_for_with_a_reason(harness: InvoicingHarness) -> None:
    await harness.ask(harness.sells(free := new_id(), "Staff", 0))
    await harness.ask(harness.sells(huge := new_id(), "Stadium", 2**53 - 1))
    await harness.tell(
        harness.customer("billed"),
        harness.customer("suspended", status="suspended"),
        harness.customer("closed", status="closed"),
        harness.customer("daily", billing_cycle="daily"),
        harness.customer("later", since=date(2026, 12, 2)),
        harness.customer("free", package_id=free),
        harness.customer("huge", package_id=huge),
    )
    run = await harness.bill("2026-12")
    assert run.skipped == {"suspended": 1, "closed": 1, "not-monthly": 1, "joined-later": 1, "free": 1}
    assert (run.expected, run.created, run.failed) == (7, 1, 1)
    assert reconciles(run)
    entries = {entry.code: (entry.outcome, entry.reason) for entry in run.entries}
    assert entries["later"] == ("skipped", "joined-later")
    assert entries["huge"] == ("failed", "amount-too-large")
    assert "billed" not in entries


async def test_a_second_run_finds_everybody_billed(harness: InvoicingHarness) -> None:
    await harness.tell(*(harness.customer(f"C-{n}") for n in range(5)))
    await harness.bill("2026-12")
    again = await harness.bill("2026-12")
    assert (again.created, again.already_billed, again.total_minor) == (0, 5, 0)
    assert {entry.outcome for entry in again.entries} == {"already_billed"}
    assert all(entry.invoice_id for entry in again.entries)
    assert await harness.numbers("NORTH") == [f"NORTH-{n:06d}" for n in range(1, 6)]


async def test_a_dry_run_counts_and_issues_nothing(harness: InvoicingHarness) -> None:
    await harness.tell(*(harness.customer(f"C-{n}") for n in range(3)))
    trial = await harness.bill("2027-03", dry_run=True)
    assert (trial.created, trial.total_minor, trial.dry_run) == (3, 315_000, True)
    assert await harness.said_of(InvoiceIssued) == []
    real = await harness.bill("2026-12")
    assert real.created == 3
    assert (await harness.numbers("NORTH"))[0] == "NORTH-000001"


async def test_a_dry_run_of_the_last_period_there_is_ends(harness: InvoicingHarness) -> None:
    await harness.ask(harness.customer("C-1"))
    assert (await harness.bill("9999-12", dry_run=True)).created == 1


async def test_who_joined_mid_month_is_billed_at_once_by_generate_missing(harness: InvoicingHarness) -> None:
    await harness.ask(harness.customer("C-1", since=date(2026, 12, 20)))
    assert (await harness.bill("2026-12")).skipped == {"joined-later": 1}
    missing = await harness.bill("2026-12", kind="generate_missing")
    assert (missing.created, missing.skipped) == (1, {})


async def test_one_customer_is_billed_in_the_lane_of_the_desk(harness: InvoicingHarness) -> None:
    wanted, other = harness.customer("C-1"), harness.customer("C-2")
    await harness.tell(wanted, other)
    run = await harness.bill("2026-12", kind="generate_missing", customer_id=wanted.customer_id)
    assert (run.expected, run.created) == (1, 1)
    [issued] = [each for each in await harness.said() if isinstance(each.message, InvoiceIssued)]
    assert (issued.message.key(), issued.lane) == (str(wanted.customer_id), 0)


async def test_a_run_keeps_to_its_operator_and_its_package(harness: InvoicingHarness) -> None:
    await harness.ask(harness.sells(other := new_id(), "Home 50", 150_000))
    await harness.tell(
        harness.customer("N-1"),
        harness.customer("N-2", package_id=other),
        harness.customer("S-1", operator_id=harness.south),
    )
    by_package = await harness.bill("2026-12", operator_id=harness.north, package_id=other)
    assert (by_package.expected, by_package.created) == (1, 1)
    by_operator = await harness.bill("2026-12", operator_id=harness.north)
    assert (by_operator.expected, by_operator.created, by_operator.already_billed) == (2, 1, 1)
    whole = await harness.bill("2026-12")
    assert (whole.expected, whole.created, whole.already_billed) == (3, 1, 2)


async def test_a_reseller_runs_no_more_than_its_subtree(harness: InvoicingHarness) -> None:
    await harness.tell(harness.customer("N-1"), harness.customer("S-1", operator_id=harness.south))
    own = await harness.bill("2026-12", scope=harness.north)
    assert (own.operator_id, own.expected) == (harness.north, 1)
    refused = await harness.ask(harness.start("2026-12", scope=harness.north, operator_id=harness.south))
    assert isinstance(refused, CommandRefused)
    assert (refused.code, refused.field) == ("not-found", "operator_id")


@pytest.mark.parametrize(
    ("period", "code"), [("2027-01", "period-in-the-future"), ("2026-11", "before-billing-from")]
)
async def test_a_period_that_is_not_to_be_billed_is_refused(
    harness: InvoicingHarness, period: str, code: str
) -> None:
    refused = await harness.ask(harness.start(period))
    assert isinstance(refused, CommandRefused)
    assert (refused.code, refused.field) == (code, "period")


async def test_a_redelivered_run_answers_once_and_bills_once(harness: InvoicingHarness) -> None:
    await harness.ask(harness.customer("C-1"))
    command, command_id = harness.start("2026-12"), new_id()
    await harness.ask(command, command_id)
    again = await harness.tell(command, command, ids=[command_id, command_id])
    assert [each.causation_id for each in again] == [command_id]  # the answer, once more, and nothing else
    await harness.work()
    resent = await harness.ask(command)
    assert isinstance(resent, RunProgressed)
    assert (resent.state, resent.created) == ("completed", 1)
    await harness.work()
    assert len(await harness.said_of(InvoiceIssued)) == 1


async def test_versions_of_a_run_count_up_and_its_entries_come_once(
    harness: InvoicingHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "CUSTOMERS_A_CHUNK", 3)
    await harness.tell(*(harness.customer(f"C-{n}", status="suspended") for n in range(10)))
    run = await harness.bill("2026-12")
    said = await harness.progress_of(run.run_id)
    assert [each.version for each in said] == list(range(1, len(said) + 1))
    assert [each.state for each in said[:2]] == ["pending", "running"]
    assert sorted(entry.code for each in said for entry in each.entries) == sorted(
        f"C-{n}" for n in range(10)
    )


async def test_an_empty_installation_has_a_run_of_nobody(harness: InvoicingHarness) -> None:
    run = await harness.bill("2026-12")
    assert (run.state, run.expected, run.completed_at is not None) == ("completed", 0, True)


async def test_ten_at_once_bill_everybody_once_without_a_gap(
    harness: InvoicingHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "CUSTOMERS_A_CHUNK", 7)
    await harness.tell(*(harness.customer(f"N-{n}") for n in range(40)))
    await harness.tell(*(harness.customer(f"S-{n}", operator_id=harness.south) for n in range(20)))
    commands = [harness.start("2026-12", kind="generate_missing") for _ in range(10)]
    await harness.tell(*commands)
    await asyncio.gather(*(harness.work() for _ in range(6)))
    ends = [(await harness.progress_of(command.run_id))[-1] for command in commands]
    assert {end.state for end in ends} == {"completed"}
    assert all(map(reconciles, ends))
    assert sum(end.created for end in ends) == 60
    assert await harness.numbers("NORTH") == [f"NORTH-{n:06d}" for n in range(1, 41)]
    assert await harness.numbers("SOUTH") == [f"SOUTH-{n:06d}" for n in range(1, 21)]
    invoices = await harness.said_of(InvoiceIssued)
    assert len(invoices) == len({invoice.customer_id for invoice in invoices}) == 60


async def test_a_worker_that_dies_halfway_leaves_no_trace_and_its_chunk_to_others(
    harness: InvoicingHarness,
) -> None:
    await harness.tell(*(harness.customer(f"C-{n}") for n in range(5)))
    await harness.tell(harness.start("2026-12"))
    assert await work_on_runs(harness.pool)
    connection = await harness.pool.acquire()
    transaction = connection.transaction()
    await transaction.start()
    chunk = await runs.claim_chunk(connection, is_lane_full=False)
    assert chunk is not None
    await workers._bill(connection, chunk)
    connection.terminate()
    await harness.pool.release(connection)
    await harness.work()
    assert await harness.numbers("NORTH") == [f"NORTH-{n:06d}" for n in range(1, 6)]
    assert len(await harness.said_of(InvoiceIssued)) == 5


async def test_a_culprit_fails_alone_with_a_reason_and_leaves_no_gap(
    harness: InvoicingHarness, database_url: str
) -> None:
    import asyncpg

    await harness.tell(*(harness.customer(f"C-{n}") for n in range(9)))
    owner = await asyncpg.connect(database_url)
    await owner.execute(
        "ALTER TABLE invoicing.invoice ADD CONSTRAINT invoice_not_for_c4 CHECK (customer_code <> 'C-4')"
    )
    await owner.close()
    run = await harness.bill("2026-12")
    assert (run.created, run.failed) == (8, 1)
    assert reconciles(run)
    assert [(entry.code, entry.reason) for entry in run.entries] == [("C-4", "invoice_not_for_c4")]
    assert await harness.numbers("NORTH") == [f"NORTH-{n:06d}" for n in range(1, 9)]
    assert len(await harness.said_of(InvoiceIssued)) == 8


async def test_the_first_of_the_month_comes_by_itself_once(
    harness: InvoicingHarness, set_clock: SetClock
) -> None:
    await harness.ask(harness.customer("C-1"))
    await open_automatic_run(harness.pool)
    set_clock("2026-12-31T23:59:59+06:00")
    await open_automatic_run(harness.pool)
    assert await harness.said_of(RunProgressed) == []
    set_clock("2027-01-01T00:00:01+06:00")
    await asyncio.gather(*(open_automatic_run(harness.pool) for _ in range(5)))
    await harness.work()
    last = (await harness.said_of(RunProgressed))[-1]
    assert (last.kind, last.period, last.created) == ("automatic", "2027-01", 1)
    [invoice] = await harness.said_of(InvoiceIssued)
    assert invoice.issued_on == date(2027, 1, 1)
    assert await harness.pool.fetchval("SELECT count(*) FROM run") == 1


async def test_a_service_that_was_down_runs_the_current_period_only(
    harness: InvoicingHarness, set_clock: SetClock
) -> None:
    await harness.ask(harness.customer("C-1"))
    set_clock("2027-03-09T08:00:00+06:00")
    await open_automatic_run(harness.pool)
    await harness.work()
    [invoice] = await harness.said_of(InvoiceIssued)
    assert (invoice.period, invoice.issued_on) == ("2027-03", date(2027, 3, 9))


async def test_midnight_is_that_of_the_billing_zone_across_daylight_saving(
    harness: InvoicingHarness, set_clock: SetClock
) -> None:
    await harness.ask(ChangeBillingSettings(actor=CLERK, time_zone="America/New_York"))
    set_clock("2027-11-01T03:59:00+00:00")
    await open_automatic_run(harness.pool)
    assert [each.period for each in await harness.said_of(RunProgressed)] == ["2027-10"]
    set_clock("2027-11-01T04:00:01+00:00")
    await open_automatic_run(harness.pool)
    assert {each.period for each in await harness.said_of(RunProgressed)} == {"2027-10", "2027-11"}


async def test_the_set_and_the_rule_agree_on_everybody(harness: InvoicingHarness) -> None:
    """What SQL does with a thousand customers is what `domain.decide` says of each."""
    pick = random.Random(7)
    prices = {new_id(): Price(price, 500) for price in (0, 1, 10, 29, 100_000, 2**53 - 1)}
    for id, price in prices.items():
        await harness.ask(harness.sells(id, f"P {price.net_minor}", price.net_minor))
        rate = pick.choice([0, 500, 1_500, 3_333, 10_000])
        await harness.ask(ChangePackage(actor=CLERK, package_id=id, vat_basis_points=rate))
        prices[id] = Price(price.net_minor, rate)
    customers = [_any_customer(harness, pick, n, list(prices)) for n in range(400)]
    await harness.tell(*customers)
    earlier: dict[Any, domain.Earlier] = {}
    for customer in customers[:60]:
        await harness.bill("2026-12", kind="generate_missing", customer_id=customer.customer_id)
    for invoice in await harness.said_of(InvoiceIssued):
        earlier[invoice.customer_id] = "live"
        if pick.random() < 0.5:
            void = VoidInvoice(
                actor=CLERK, invoice_id=invoice.invoice_id, customer_id=invoice.customer_id, reason="Test"
            )
            assert isinstance(await harness.ask(void), InvoiceVoided)
            earlier[invoice.customer_id] = "void"
    run = await harness.bill("2026-12")
    outcomes = {entry.customer_id: entry for entry in run.entries}
    issued = {i.customer_id: i for i in await harness.said_of(InvoiceIssued) if i.run_id == run.run_id}
    for customer in customers:
        price = prices[customer.package_id]
        subscriber = Subscriber(customer.status, customer.billing_cycle, customer.since)
        wanted = domain.decide(
            subscriber,
            price,
            earlier.get(customer.customer_id, "none"),
            domain.joined_by("requested", "2026-12"),
        )
        if wanted == "created":
            invoice = issued[customer.customer_id]
            assert (invoice.vat_minor, invoice.total_minor) == (price.vat_minor, price.total_minor)
        else:
            entry = outcomes[customer.customer_id]
            assert wanted == (entry.reason or entry.outcome)
    assert reconciles(run)


def _any_customer(
    harness: InvoicingHarness, pick: random.Random, n: int, packages: list[Any]
) -> CreateCustomer:
    return harness.customer(
        f"C-{n}",
        status=pick.choice(["active", "active", "active", "suspended", "closed"]),
        billing_cycle=pick.choice(["monthly", "monthly", "monthly", "daily", "none"]),
        since=date(2026, 12, 1) + timedelta(days=pick.choice([-30, -1, 0, 0, 1, 20])),
        package_id=pick.choice(packages),
    )
