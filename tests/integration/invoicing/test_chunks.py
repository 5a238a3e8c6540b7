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
from tests.integration.invoicing.desk import CLERK, Desk

PROMISES = (
    "a-run-counts-every-customer-once",
    "a-run-created-the-invoices-that-name-it",
    "a-run-ends-when-its-last-chunk-does",
    "every-customer-of-a-run-has-an-outcome",
    "invoice-numbers-have-no-gaps",
)


async def planned(desk: Desk, period: str = "2026-12") -> StartRun:
    """A run whose customers are frozen and none of whom is billed yet."""
    command = desk.start(period)
    await desk.tell(command)
    assert await work_on_runs(desk.pool)
    return command


async def end_of(desk: Desk, command: StartRun) -> RunProgressed:
    end = (await desk.progress_of(command.run_id))[-1]
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
    desk: Desk, monkeypatch: pytest.MonkeyPatch, database_url: str, is_forward: bool, replicas: int
) -> None:
    monkeypatch.setattr(workers, "CUSTOMERS_A_CHUNK", 2)
    north = [desk.customer(f"N-{n}") for n in range(2)]
    south = [desk.customer(f"S-{n}", operator_id=desk.neighbour) for n in range(2)]
    await desk.tell(*north, *south)
    command = await planned(desk)
    mover, home = (north[0], desk.neighbour) if is_forward else (south[0], desk.reseller)
    await desk.tell(moves(mover, home))
    await asyncio.gather(*(desk.work() for _ in range(replicas)))
    end = await end_of(desk, command)
    assert (end.expected, end.created) == (4, 4)
    issued = {invoice.customer_id: invoice.operator_id for invoice in await desk.all_of(InvoiceIssued)}
    assert issued[mover.customer_id] == home
    assert sorted(Counter(issued.values()).values()) == [1, 3]
    assert await keeps_its_promises(database_url)


async def test_customers_who_move_about_while_two_replicas_bill_are_each_billed_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setattr(workers, "CUSTOMERS_A_CHUNK", 3)
    customers = [
        desk.customer(f"C-{n}", operator_id=desk.reseller if n % 2 else desk.neighbour) for n in range(40)
    ]
    await desk.tell(*customers)
    command = await planned(desk)
    pick = random.Random(14)

    async def move_about() -> None:
        for _ in range(60):
            await desk.tell(moves(pick.choice(customers), pick.choice([desk.reseller, desk.neighbour])))

    await asyncio.gather(desk.work(), desk.work(), move_about())
    await desk.work()
    end = await end_of(desk, command)
    assert (end.expected, end.created) == (40, 40)
    invoices = await desk.all_of(InvoiceIssued)
    assert len({invoice.customer_id for invoice in invoices}) == len(invoices) == 40
    assert await keeps_its_promises(database_url)


async def test_who_is_closed_or_changes_package_since_the_plan_still_has_an_outcome(
    desk: Desk, database_url: str
) -> None:
    await desk.ask(desk.sells(other := new_id(), "Home 50", 150_000))
    closing, changing, staying = (desk.customer(f"C-{n}") for n in range(3))
    await desk.tell(closing, changing, staying)
    command = desk.start("2026-12", package_id=desk.package)
    await desk.tell(command)
    assert await work_on_runs(desk.pool)
    await desk.tell(
        ChangeCustomer(actor=CLERK, customer_id=closing.customer_id, status="closed"),
        ChangeCustomer(actor=CLERK, customer_id=changing.customer_id, package_id=other),
    )
    await desk.work()
    end = await end_of(desk, command)
    assert (end.expected, end.created, end.skipped) == (3, 2, {"closed": 1})
    assert await keeps_its_promises(database_url)


async def test_who_comes_after_the_plan_is_no_part_of_the_run_and_is_billed_as_missing(desk: Desk) -> None:
    await desk.ask(desk.customer("C-1"))
    command = await planned(desk)
    await desk.ask(desk.customer("C-2"))
    await desk.work()
    assert (await end_of(desk, command)).expected == 1
    missing = await desk.bill("2026-12", kind="generate_missing")
    assert (missing.created, missing.already_billed) == (1, 1)


async def test_a_chunk_redelivered_to_another_replica_keeps_who_moved_meanwhile(desk: Desk) -> None:
    """A worker is killed after it saw the move; the next one sees it anew."""
    customers = [desk.customer(f"C-{n}") for n in range(3)]
    await desk.tell(*customers)
    command = await planned(desk)
    await desk.tell(moves(customers[1], desk.neighbour))
    async with desk.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await workers._bill(connection, await workers.queries.claim_chunk(connection))
        await transaction.rollback()
    await desk.work()
    assert (await end_of(desk, command)).created == 3
    assert (await desk.numbers("NORTH"), await desk.numbers("SOUTH")) == (
        ["NORTH-000001", "NORTH-000002"],
        ["SOUTH-000001"],
    )


async def _many_small_operators(desk: Desk, operators: int, each: int) -> list[UUID]:
    ids = [new_id() for _ in range(operators)]
    await desk.tell(*(desk.operator(id, f"R{n:03d}", desk.root) for n, id in enumerate(ids)))
    await desk.tell(
        *(
            desk.customer(f"{n}-{m}", operator_id=id, name=f"{n}-{m}")
            for n, id in enumerate(ids)
            for m in range(each)
        )
    )
    return ids


async def test_a_chunk_spans_many_small_operators_and_numbers_each_from_one(
    desk: Desk, database_url: str
) -> None:
    await _many_small_operators(desk, 30, 3)
    command = await planned(desk)
    assert await desk.pool.fetchval("SELECT count(*) FROM run_chunk") == 1
    await asyncio.gather(desk.work(), desk.work())
    assert (await end_of(desk, command)).created == 90
    for n in range(30):
        assert await desk.numbers(f"R{n:03d}") == [f"R{n:03d}-{m:06d}" for m in (1, 2, 3)]
    assert await keeps_its_promises(database_url)


async def test_runs_that_meet_over_many_operators_lock_their_counters_in_one_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setattr(workers, "CUSTOMERS_A_CHUNK", 7)
    await _many_small_operators(desk, 12, 4)
    commands = [desk.start("2026-12"), desk.start("2026-12", kind="generate_missing")]
    await desk.tell(*commands)
    await asyncio.gather(*(desk.work() for _ in range(4)))
    ends = [await end_of(desk, command) for command in commands]
    assert sum(end.created for end in ends) == 48
    assert await keeps_its_promises(database_url)


async def test_a_culprit_among_many_operators_takes_no_number_of_any_of_them(
    desk: Desk, database_url: str
) -> None:
    await _many_small_operators(desk, 6, 4)
    owner = await asyncpg.connect(database_url)
    await owner.execute(
        "ALTER TABLE invoicing.invoice ADD CONSTRAINT invoice_not_for_two "
        "CHECK (customer_code NOT IN ('1-2', '4-0'))"
    )
    await owner.close()
    command = await planned(desk)
    await desk.work()
    end = await end_of(desk, command)
    assert (end.created, end.failed) == (22, 2)
    assert {entry.reason for entry in end.entries} == {"invoice_not_for_two"}
    assert [len(await desk.numbers(f"R{n:03d}")) for n in range(6)] == [4, 3, 4, 4, 3, 4]
    assert await keeps_its_promises(database_url)


@pytest.mark.parametrize("replicas", [1, 2])
async def test_a_run_whose_total_would_overflow_bills_what_fits_and_names_the_rest(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, database_url: str, replicas: int
) -> None:
    monkeypatch.setattr(workers, "CUSTOMERS_A_CHUNK", 4)
    await desk.ask(desk.sells(stadium := new_id(), "Stadium", 2**51))
    await desk.tell(*(desk.customer(f"huge-{n}", package_id=stadium) for n in range(8)))
    await desk.tell(*(desk.customer(f"C-{n}", operator_id=desk.neighbour) for n in range(2)))
    command = await planned(desk)
    await asyncio.gather(*(desk.work() for _ in range(replicas)))
    end = await end_of(desk, command)
    assert (end.expected, end.created, end.failed) == (10, 5, 5)
    assert end.total_minor <= 2**53 - 1
    reasons = {entry.reason for said in await desk.progress_of(command.run_id) for entry in said.entries}
    assert reasons == {"run-total-too-large"}
    assert await keeps_its_promises(database_url)


async def test_a_chunk_whose_sum_exceeds_a_bigint_does_not_hold_up_the_next_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.ask(desk.sells(stadium := new_id(), "Stadium", 2**52))
    await desk.tell(*(desk.customer(f"huge-{n}", package_id=stadium) for n in range(20)))
    await desk.pool.execute(
        "INSERT INTO customer SELECT uuidv7(), operator_id, 'copy-' || n, name, mobile, "
        "address, package_id, status, billing_cycle, since "
        "FROM customer, generate_series(1, 110) AS n WHERE code = 'huge-0'"
    )
    run = await desk.bill("2026-12", operator_id=desk.reseller)
    assert (run.expected, run.created, run.failed) == (130, 1, 129)
    await desk.ask(desk.customer("S-1", operator_id=desk.neighbour))
    assert (await desk.bill("2026-12", operator_id=desk.neighbour)).created == 1


async def test_a_currency_that_changed_since_the_plan_bills_nobody_in_the_old_one(desk: Desk) -> None:
    await desk.tell(desk.customer("C-1"), desk.customer("C-2", status="suspended"))
    command = await planned(desk)
    await desk.ask(ChangeBillingSettings(actor=CLERK, currency="USD"))
    await desk.work()
    end = await end_of(desk, command)
    assert (end.created, end.failed, end.skipped) == (0, 1, {"suspended": 1})
    assert [entry.reason for entry in end.entries if entry.outcome == "failed"] == ["currency-changed"]
    again = await desk.bill("2026-12")
    assert (again.created, again.currency) == (1, "USD")
    assert await desk.numbers("NORTH") == ["NORTH-000001"]


async def test_the_currency_cannot_change_while_the_first_chunk_is_being_billed(desk: Desk) -> None:
    await desk.ask(desk.customer("C-1"))
    await planned(desk)
    async with desk.pool.acquire() as connection, connection.transaction():
        await workers._bill(connection, await workers.queries.claim_chunk(connection))
        change = asyncio.create_task(desk.ask(ChangeBillingSettings(actor=CLERK, currency="USD")))
        await asyncio.sleep(0.3)
        assert not change.done()
    assert getattr(await change, "code", None) == "currency-fixed"
