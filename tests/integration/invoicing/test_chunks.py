"""A run's chunks: the customers of its plan, whoever they belong to by then, and what one cannot spoil."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from uuid import UUID

import asyncpg
import pytest

from cli.audit.promises import look, reading
from services.invoicing import workers
from services.invoicing.workers import work_on_runs
from shared.contracts.catalog import ChangeBillingSettings, ChangeCustomer, CreateCustomer
from shared.contracts.invoicing import InvoiceIssued, RunProgressed, StartRun
from shared.ids import new_id
from tests.integration.invoicing.harness import CLERK, InvoicingHarness
from tests.locks import is_waited_for
from tests.patience import until

PROMISES = (
    "a-run-counts-every-customer-once",
    "a-run-created-the-invoices-that-name-it",
    "a-run-ends-when-its-last-chunk-does",
    "every-customer-of-a-run-has-an-outcome",
    "invoice-numbers-have-no-gaps",
)


async def planned(harness: InvoicingHarness, period: str = "2026-12") -> StartRun:
    """A run whose customers are frozen and none of whom is billed yet."""
    command = harness.start(period)
    await harness.tell(command)
    assert await work_on_runs(harness.pool)
    return command


async def end_of(harness: InvoicingHarness, command: StartRun) -> RunProgressed:
    end = (await harness.progress_of(command.run_id))[-1]
    assert end.state == "completed"
    assert end.expected == end.created + end.already_billed + sum(end.skipped.values()) + end.failed
    return end


async def keeps_its_promises(database_url: str) -> bool:
    async with reading(database_url) as connection:
        return not await look(connection, PROMISES)


def moves(customer: CreateCustomer, operator_id: UUID) -> ChangeCustomer:
    return ChangeCustomer(actor=CLERK, customer_id=customer.customer_id, operator_id=operator_id)


@pytest.mark.parametrize("is_forward", [True, False], ids=["to a later chunk", "to an earlier chunk"])
@pytest.mark.parametrize("replicas", [1, 2])
async def test_who_changes_operator_between_plan_and_chunk_is_billed_where_they_are(
    harness: InvoicingHarness,
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    is_forward: bool,
    replicas: int,
) -> None:
    monkeypatch.setattr(workers, "CUSTOMERS_A_CHUNK", 2)
    north = [harness.customer(f"N-{n}") for n in range(2)]
    south = [harness.customer(f"S-{n}", operator_id=harness.south) for n in range(2)]
    await harness.tell(*north, *south)
    command = await planned(harness)
    mover, home = (north[0], harness.south) if is_forward else (south[0], harness.north)
    await harness.tell(moves(mover, home))
    await asyncio.gather(*(harness.work() for _ in range(replicas)))
    end = await end_of(harness, command)
    assert (end.expected, end.created) == (4, 4)
    issued = {invoice.customer_id: invoice.operator_id for invoice in await harness.said_of(InvoiceIssued)}
    assert issued[mover.customer_id] == home
    assert sorted(Counter(issued.values()).values()) == [1, 3]
    assert await keeps_its_promises(database_url)


async def test_customers_who_move_about_while_two_replicas_bill_are_each_billed_once(
    harness: InvoicingHarness, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setattr(workers, "CUSTOMERS_A_CHUNK", 3)
    customers = [
        harness.customer(f"C-{n}", operator_id=harness.north if n % 2 else harness.south) for n in range(40)
    ]
    await harness.tell(*customers)
    command = await planned(harness)
    pick = random.Random(14)

    async def move_about() -> None:
        for _ in range(60):
            await harness.tell(moves(pick.choice(customers), pick.choice([harness.north, harness.south])))

    await asyncio.gather(harness.work(), harness.work(), move_about())
    await harness.work()
    end = await end_of(harness, command)
    assert (end.expected, end.created) == (40, 40)
    invoices = await harness.said_of(InvoiceIssued)
    assert len({invoice.customer_id for invoice in invoices}) == len(invoices) == 40
    assert await keeps_its_promises(database_url)


async def test_who_is_closed_or_changes_package_since_the_plan_still_has_an_outcome(
    harness: InvoicingHarness, database_url: str
) -> None:
    await harness.ask(harness.sells(other := new_id(), "Home 50", 150_000))
    closing, changing, staying = (harness.customer(f"C-{n}") for n in range(3))
    await harness.tell(closing, changing, staying)
    command = harness.start("2026-12", package_id=harness.package)
    await harness.tell(command)
    assert await work_on_runs(harness.pool)
    await harness.tell(
        ChangeCustomer(actor=CLERK, customer_id=closing.customer_id, status="closed"),
        ChangeCustomer(actor=CLERK, customer_id=changing.customer_id, package_id=other),
    )
    await harness.work()
    end = await end_of(harness, command)
    assert (end.expected, end.created, end.skipped) == (3, 2, {"closed": 1})
    assert await keeps_its_promises(database_url)


async def test_who_comes_after_the_plan_is_no_part_of_the_run_and_is_billed_as_missing(
    harness: InvoicingHarness,
) -> None:
    await harness.ask(harness.customer("C-1"))
    command = await planned(harness)
    await harness.ask(harness.customer("C-2"))
    await harness.work()
    assert (await end_of(harness, command)).expected == 1
    missing = await harness.bill("2026-12", kind="generate_missing")
    assert (missing.created, missing.already_billed) == (1, 1)


async def test_a_chunk_redelivered_to_another_replica_keeps_who_moved_meanwhile(
    harness: InvoicingHarness,
) -> None:
    """A worker is killed after it saw the move; the next one sees it anew."""
    customers = [harness.customer(f"C-{n}") for n in range(3)]
    await harness.tell(*customers)
    command = await planned(harness)
    await harness.tell(moves(customers[1], harness.south))
    async with harness.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        chunk = await workers.runs.claim_chunk(connection, is_lane_full=False)
        assert chunk is not None
        await workers._bill(connection, chunk)
        await transaction.rollback()
    await harness.work()
    assert (await end_of(harness, command)).created == 3
    assert (await harness.numbers("NORTH"), await harness.numbers("SOUTH")) == (
        ["NORTH-000001", "NORTH-000002"],
        ["SOUTH-000001"],
    )


async def _many_small_operators(harness: InvoicingHarness, operators: int, each: int) -> list[UUID]:
    ids = [new_id() for _ in range(operators)]
    await harness.tell(*(harness.operator(id, f"R{n:03d}", harness.root) for n, id in enumerate(ids)))
    await harness.tell(
        *(
            harness.customer(f"{n}-{m}", operator_id=id, name=f"{n}-{m}")
            for n, id in enumerate(ids)
            for m in range(each)
        )
    )
    return ids


async def test_a_chunk_spans_many_small_operators_and_numbers_each_from_one(
    harness: InvoicingHarness, database_url: str
) -> None:
    await _many_small_operators(harness, 30, 3)
    command = await planned(harness)
    assert await harness.pool.fetchval("SELECT count(*) FROM run_chunk") == 1
    await asyncio.gather(harness.work(), harness.work())
    assert (await end_of(harness, command)).created == 90
    for n in range(30):
        assert await harness.numbers(f"R{n:03d}") == [f"R{n:03d}-{m:06d}" for m in (1, 2, 3)]
    assert await keeps_its_promises(database_url)


async def test_runs_that_meet_over_many_operators_lock_their_counters_in_one_order(
    harness: InvoicingHarness, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setattr(workers, "CUSTOMERS_A_CHUNK", 7)
    await _many_small_operators(harness, 12, 4)
    commands = [harness.start("2026-12"), harness.start("2026-12", kind="generate_missing")]
    await harness.tell(*commands)
    await asyncio.gather(*(harness.work() for _ in range(4)))
    ends = [await end_of(harness, command) for command in commands]
    assert sum(end.created for end in ends) == 48
    assert await keeps_its_promises(database_url)


async def test_a_run_that_another_has_planned_is_not_held_while_a_chunk_is_billed(
    harness: InvoicingHarness, database_url: str
) -> None:
    await harness.ask(harness.customer("C-1"))
    await planned(harness)
    planned_by_another = harness.start("2026-12", kind="generate_missing")
    await harness.tell(planned_by_another)
    owner = await asyncpg.connect(database_url)
    await owner.execute(
        "ALTER TABLE invoicing.run ENABLE ROW LEVEL SECURITY;"
        "CREATE POLICY all_are_seen ON invoicing.run USING (TRUE);"
        "CREATE POLICY locked_slowly ON invoicing.run AS RESTRICTIVE FOR UPDATE"
        " USING (pg_advisory_xact_lock_shared(1) IS NOT NULL);"
        "SELECT pg_advisory_lock(1)"
    )
    worker = asyncio.create_task(work_on_runs(harness.pool))
    try:
        await until(lambda: is_waited_for(owner, "advisory"), "the worker looks at the runs that wait")
        await owner.execute(
            "UPDATE invoicing.run SET state = 'completed' WHERE id = $1", planned_by_another.run_id
        )
        await owner.execute(
            "BEGIN; SELECT FROM invoicing.billing_settings FOR UPDATE; SELECT pg_advisory_unlock(1)"
        )
        await until(lambda: is_waited_for(owner, "transactionid"), "its chunk waits for the settings")
        await owner.execute(
            f"SELECT FROM invoicing.run WHERE id = '{planned_by_another.run_id}' FOR UPDATE NOWAIT"
        )
    finally:
        await owner.close()
        did_something = await worker
    assert did_something


async def test_a_culprit_among_many_operators_takes_no_number_of_any_of_them(
    harness: InvoicingHarness, database_url: str
) -> None:
    await _many_small_operators(harness, 6, 4)
    owner = await asyncpg.connect(database_url)
    await owner.execute(
        "ALTER TABLE invoicing.invoice ADD CONSTRAINT invoice_not_for_two "
        "CHECK (customer_code NOT IN ('1-2', '4-0'))"
    )
    await owner.close()
    command = await planned(harness)
    await harness.work()
    end = await end_of(harness, command)
    assert (end.created, end.failed) == (22, 2)
    assert {entry.reason for entry in end.entries} == {"invoice_not_for_two"}
    assert [len(await harness.numbers(f"R{n:03d}")) for n in range(6)] == [4, 3, 4, 4, 3, 4]
    assert await keeps_its_promises(database_url)


@pytest.mark.parametrize("replicas", [1, 2])
async def test_a_run_whose_total_would_overflow_bills_what_fits_and_names_the_rest(
    harness: InvoicingHarness, monkeypatch: pytest.MonkeyPatch, database_url: str, replicas: int
) -> None:
    monkeypatch.setattr(workers, "CUSTOMERS_A_CHUNK", 4)
    await harness.ask(harness.sells(stadium := new_id(), "Stadium", 2**51))
    await harness.tell(*(harness.customer(f"huge-{n}", package_id=stadium) for n in range(8)))
    await harness.tell(*(harness.customer(f"C-{n}", operator_id=harness.south) for n in range(2)))
    command = await planned(harness)
    await asyncio.gather(*(harness.work() for _ in range(replicas)))
    end = await end_of(harness, command)
    assert (end.expected, end.created, end.failed) == (10, 5, 5)
    assert end.total_minor <= 2**53 - 1
    reasons = {entry.reason for said in await harness.progress_of(command.run_id) for entry in said.entries}
    assert reasons == {"run-total-too-large"}
    assert await keeps_its_promises(database_url)


async def test_a_chunk_whose_sum_exceeds_a_bigint_does_not_hold_up_the_next_run(
    harness: InvoicingHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.ask(harness.sells(stadium := new_id(), "Stadium", 2**52))
    await harness.tell(*(harness.customer(f"huge-{n}", package_id=stadium) for n in range(20)))
    await harness.pool.execute(
        "INSERT INTO customer SELECT uuidv7(), operator_id, 'copy-' || n, name, mobile, "
        "address, package_id, status, billing_cycle, since "
        "FROM customer, generate_series(1, 110) AS n WHERE code = 'huge-0'"
    )
    run = await harness.bill("2026-12", operator_id=harness.north)
    assert (run.expected, run.created, run.failed) == (130, 1, 129)
    await harness.ask(harness.customer("S-1", operator_id=harness.south))
    assert (await harness.bill("2026-12", operator_id=harness.south)).created == 1


async def test_a_currency_that_changed_since_the_plan_bills_nobody_in_the_old_one(
    harness: InvoicingHarness,
) -> None:
    await harness.tell(harness.customer("C-1"), harness.customer("C-2", status="suspended"))
    command = await planned(harness)
    await harness.ask(ChangeBillingSettings(actor=CLERK, currency="USD"))
    await harness.work()
    end = await end_of(harness, command)
    assert (end.created, end.failed, end.skipped) == (0, 1, {"suspended": 1})
    assert [entry.reason for entry in end.entries if entry.outcome == "failed"] == ["currency-changed"]
    again = await harness.bill("2026-12")
    assert (again.created, again.currency) == (1, "USD")
    assert await harness.numbers("NORTH") == ["NORTH-000001"]


async def test_the_currency_cannot_change_while_the_first_chunk_is_being_billed(
    harness: InvoicingHarness,
) -> None:
    await harness.ask(harness.customer("C-1"))
    await planned(harness)
    async with harness.pool.acquire() as connection, connection.transaction():
        chunk = await workers.runs.claim_chunk(connection, is_lane_full=False)
        assert chunk is not None
        await workers._bill(connection, chunk)
        change = asyncio.create_task(harness.ask(ChangeBillingSettings(actor=CLERK, currency="USD")))
        await asyncio.sleep(0.3)
        assert not change.done()
    assert getattr(await change, "code", None) == "currency-fixed"
