"""Who waits for whom: every way that money moves, many at once, without a deadlock and without a hole."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.payments import workers
from services.payments.handlers import CATALOG, INVOICES, PARTNERS
from shared import clock
from shared.consumer import Handler
from shared.contracts import invoicing
from shared.contracts.envelope import MONEY_MAX
from shared.contracts.payments import HeldPaymentPlaced, PaymentHeld
from shared.ids import new_id
from tests import patience
from tests.integration.payments.harness import (
    OFFICE,
    PaymentsHarness,
    customer,
    operator,
    received,
    record,
    voided,
)

PATIENCE = timedelta(milliseconds=400)


async def deadlocks(harness: PaymentsHarness) -> int:
    """A session tells its counts a while after it is idle, unless asked: all of them are."""

    async def ask() -> None:
        await harness.pool.execute("SELECT pg_stat_force_next_flush(), pg_sleep(0.1)")

    await asyncio.gather(*(ask() for _ in range(harness.pool.get_max_size())))
    return int(
        await harness.pool.fetchval(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )
    )


async def still_held(harness: PaymentsHarness) -> int:
    return int(await harness.pool.fetchval("SELECT count(*) FROM held_payment WHERE state = 'held'"))


async def test_partners_the_desk_bills_and_customers_at_once_never_wait_in_a_circle(
    harness: PaymentsHarness,
) -> None:
    await harness.partner("bkash", harness.north)
    chance, customers = random.Random(7), [new_id() for _ in range(12)]
    await harness.hear(*(customer(id, f"C{place}", harness.north) for place, id in enumerate(customers)))
    numbers = iter(range(10_000))
    coming = [harness.invoice(50, customer_id=chance.choice(customers)) for _ in range(200)]

    async def partner() -> None:
        events = [
            received("bkash", f"T{next(numbers)}", 30, customer_code=f"C{chance.randrange(12)}")
            for _ in range(6)
        ]
        late = received("bkash", f"T{next(numbers)}", 40, invoice_id=str(chance.choice(coming).invoice_id))
        unknown = received("bkash", f"T{next(numbers)}", 40, customer_code=f"NEW{chance.randrange(40)}")
        await harness.bring(*events[:3], late, unknown, *events[3:])

    async def clerk() -> None:
        who = chance.sample(customers, 6)
        paid = [harness.settles(harness.invoice(10, customer_id=each), 25, invoice_id=None) for each in who]
        await harness.hear(*paid, *(harness.reverses(each) for each in paid[:2]), *(
            harness.refunds(each, 1) for each in who[2:4]
        ))  # fmt: skip

    async def invoices() -> None:
        bills = chance.sample(coming, 5)
        await harness.hear(bills[0], voided(bills[0]), *bills[1:], voided(bills[4]))

    async def newcomers() -> None:
        await harness.hear(
            *(customer(new_id(), f"NEW{chance.randrange(40)}", harness.far_north) for _ in range(3)),
            *(customer(id, f"C{place}", harness.north) for place, id in enumerate(customers)),
        )

    ways: list[Callable[[], Awaitable[None]]] = [
        partner,
        clerk,
        invoices,
        newcomers,
        partner,
        clerk,
        invoices,
    ]
    for _ in range(25):
        await asyncio.gather(*(way() for way in ways))
    await harness.hear(*coming)
    await harness.work()
    assert await deadlocks(harness) == 0
    assert await harness.dead_letters() == 0


async def test_an_unplaceable_event_and_a_batch_that_leaves_credit_do_not_wait_for_each_other(
    harness: PaymentsHarness,
) -> None:
    """The old circle: arrivals before accounts here, accounts before arrivals there."""
    await harness.partner("bkash", harness.north)
    bills = [await harness.issue(100) for _ in range(4)]
    for round in range(40):
        late = harness.invoice(100)
        events = [
            received("bkash", f"T{round}-{n}", 120, invoice_id=str(each.invoice_id))
            for n, each in enumerate([*bills, late])
        ]
        payments = [harness.settles(each, 120, invoice_id=None) for each in reversed(bills)]
        await harness.hear(
            *(customer(each.customer_id, f"C{n}", harness.north) for n, each in enumerate(bills))
        )
        refunds = [harness.refunds(each.customer_id, 1) for each in bills]
        await asyncio.gather(
            harness.bring(*events),
            harness.hear(*payments),
            harness.hear(late),
            harness.hear(*refunds),
            harness.hear(late),
        )
        assert await harness.paid_of(late) == [100]
    assert await deadlocks(harness) == 0
    assert await still_held(harness) == 0


async def test_batches_of_one_kind_take_their_stripes_in_one_order(harness: PaymentsHarness) -> None:
    await harness.partner("bkash", harness.north)
    rounds = [[harness.invoice(100) for _ in range(30)] for _ in range(6)]
    for number, bills in enumerate(rounds):
        events = [
            [received("bkash", f"T{number}-{half}-{n}", 60, invoice_id=str(each.invoice_id))
             for n, each in enumerate(random.Random(half).sample(bills, 30))]
            for half in (1, 2)
        ]  # fmt: skip
        await asyncio.gather(*(harness.bring(*each) for each in events), harness.hear(*bills))
        assert set(await harness.paid_of(*bills)) == {100}
    assert await deadlocks(harness) == 0
    assert await still_held(harness) == 0


async def test_a_batch_that_is_replayed_lets_go_of_each_records_locks(harness: PaymentsHarness) -> None:
    await harness.partner("bkash", harness.north)
    bills = [await harness.issue(100) for _ in range(6)]
    for number in range(8):
        culprit = received("nobody", f"T{number}", 10, customer_code="C1")
        events = [
            [received("bkash", f"T{number}-{half}-{n}", 20, invoice_id=str(each.invoice_id))
             for n, each in enumerate(order)]
            for half, order in enumerate((bills, bills[::-1]))
        ]  # fmt: skip
        await asyncio.gather(*(harness.bring(*each[:3], culprit, *each[3:]) for each in events))
    assert await deadlocks(harness) == 0
    assert await harness.dead_letters() == 8
    assert set(await harness.paid_of(*bills)) == {100}


async def test_credit_is_applied_while_a_republish_reads_the_account(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    await harness.hear(harness.settles(bill, 300))
    following = harness.invoice(105, customer_id=bill.customer_id)
    async with harness.pool.acquire() as connection, connection.transaction():
        await workers._say_payments(connection, None)
        async with asyncio.timeout(patience.SECONDS):
            await harness.hear(following)
    assert await harness.paid_of(following) == [105]


async def test_a_bill_waits_for_whoever_moves_its_customers_credit(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    await harness.hear(harness.settles(bill, 300))
    following = harness.invoice(105, customer_id=bill.customer_id)
    async with harness.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT 1 FROM account FOR UPDATE")
        hearing = asyncio.create_task(harness.hear(following))
        await asyncio.sleep(PATIENCE.total_seconds())
        assert not hearing.done()
    await hearing
    assert await harness.paid_of(following) == [105]


async def test_customers_with_credit_take_no_lock_of_arrivals(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    await harness.hear(customer(bill.customer_id, "C1", harness.north), harness.settles(bill, 300))
    async with harness.pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "SELECT pg_advisory_xact_lock_shared(7202, n) FROM generate_series(0, 127) n"
        )
        async with asyncio.timeout(patience.SECONDS):
            await harness.hear(harness.settles(bill, 50, invoice_id=None))
    assert await harness.credit(bill.customer_id) == 250


async def test_a_known_bill_said_again_takes_no_lock(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    async with harness.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT 1 FROM receivable FOR UPDATE")
        async with asyncio.timeout(patience.SECONDS):
            await harness.hear(bill)


async def test_how_a_command_ended_is_said_again_without_a_lock(harness: PaymentsHarness) -> None:
    command = record(harness.settles(await harness.issue(100)), new_id())
    await harness.bring(command)
    said = len(await harness.said())
    async with harness.pool.acquire() as connection, connection.transaction():
        assert await connection.fetch("SELECT 1 FROM command_end FOR UPDATE")
        async with asyncio.timeout(patience.SECONDS):
            await harness.bring(command)
    assert len(await harness.said()) == said + 1


async def test_money_for_a_bill_whose_operator_is_not_known_waits_and_does_not_turn(
    harness: PaymentsHarness,
) -> None:
    stranger = new_id()
    bill = await harness.issue(100, operator_id=stranger)
    await harness.hear(harness.settles(bill, scope=harness.north))
    assert not await workers.settle_waiting(OFFICE)(harness.pool)
    since = await harness.pool.fetchval("SELECT since FROM waiting_command")
    assert not await workers.settle_waiting(OFFICE)(harness.pool)
    assert await harness.pool.fetchval("SELECT since FROM waiting_command") == since
    await harness.hear(operator(stranger, "LATE", (harness.root, harness.north, stranger)))
    assert await workers.settle_waiting(OFFICE)(harness.pool)
    assert await harness.paid_of(bill) == [100]


async def test_a_lump_sum_waits_for_its_customers_operator_too(harness: PaymentsHarness) -> None:
    stranger, id = new_id(), new_id()
    await harness.hear(customer(id, "C1", stranger))
    await harness.hear(harness.settles(harness.invoice(customer_id=id), invoice_id=None, scope=harness.north))
    assert await harness.refusals() == []
    await harness.hear(operator(stranger, "LATE", (harness.root, harness.north, stranger)))
    await harness.work()
    assert await harness.credit(id) == 100


async def test_money_outside_the_reach_is_looked_at_again_when_its_operator_comes(
    harness: PaymentsHarness,
) -> None:
    await harness.partner("bkash", harness.north)
    stranger, id = new_id(), new_id()
    bill = await harness.issue(100, operator_id=stranger)
    await harness.hear(customer(id, "C9", stranger))
    await harness.bring(
        received("bkash", "T1", 60, invoice_id=str(bill.invoice_id)),
        received("bkash", "T2", 70, customer_code="C9"),
    )
    assert [each.reason for each in await harness.said_of(PaymentHeld)] == ["outside-reach"] * 2
    await harness.hear(operator(stranger, "LATE", (harness.root, harness.north, stranger)))
    await harness.work()
    assert (await harness.paid_of(bill), await harness.credit(id)) == ([60], 70)
    assert sorted(await harness.receipts()) == [
        ("T1", "held"), ("T1", "recorded"), ("T2", "held"), ("T2", "recorded"),
    ]  # fmt: skip


async def test_money_for_a_bill_whose_void_overtook_its_issue_becomes_credit(
    harness: PaymentsHarness,
) -> None:
    await harness.partner("bkash", harness.north)
    bill = harness.invoice(100)
    await harness.bring(received("bkash", "T1", 60, invoice_number=bill.number))
    await harness.hear(voided(bill))
    assert (await harness.paid_of(bill), await harness.credit(bill.customer_id)) == ([0], 60)
    await harness.hear(bill)
    assert (await harness.paid_of(bill), await still_held(harness)) == ([0], 0)


async def test_money_of_two_customers_with_one_code_is_placed_when_one_of_them_gets_another(
    harness: PaymentsHarness,
) -> None:
    await harness.partner("bkash", harness.north)
    one, other = new_id(), new_id()
    await harness.hear(customer(one, "TWIN", harness.north), customer(other, "TWIN", harness.far_north))
    await harness.bring(received("bkash", "T1", 60, customer_code="TWIN"))
    await harness.hear(customer(other, "SINGLE", harness.far_north, version=2))
    await harness.work()
    assert (await harness.credit(one), await still_held(harness)) == (60, 0)


@pytest.mark.parametrize("target", ["customer_code", "invoice_id"])
async def test_two_of_the_largest_payments_leave_the_customer_movable(
    harness: PaymentsHarness, target: str
) -> None:
    await harness.partner("bkash", harness.north)
    bill = await harness.issue(1_050)
    await harness.hear(customer(bill.customer_id, "C1", harness.north))
    named = {target: "C1" if target == "customer_code" else str(bill.invoice_id)}
    await harness.bring(*(received("bkash", f"T{n}", MONEY_MAX, **named) for n in (1, 2)))
    assert await harness.receipts() == [("T1", "recorded"), ("T2", "held")]
    (held,) = await harness.said_of(PaymentHeld)
    assert held.reason == "amount-too-large"
    following = await harness.issue(100, customer_id=bill.customer_id)
    await harness.hear(voided(bill), harness.settles(bill, MONEY_MAX, invoice_id=None))
    await harness.work()
    assert await harness.refusals() == ["amount-too-large"]
    assert await harness.paid_of(following) == [100]
    await harness.hear(harness.refunds(bill.customer_id, 5_000))
    assert await still_held(harness) == 1
    assert await harness.dead_letters() == 0
    assert await _overflows(harness) == []


async def test_held_money_goes_where_it_can_be_counted(harness: PaymentsHarness) -> None:
    await harness.partner("bkash", harness.north)
    bills = [harness.invoice(1_050, customer_id=UUID(int=77)) for _ in range(2)]
    await harness.bring(
        *(received("bkash", f"T{n}", MONEY_MAX, invoice_id=str(bill.invoice_id))
          for n, bill in enumerate(bills))
    )  # fmt: skip
    await harness.hear(*bills)
    await harness.work()
    assert await harness.paid_of(*bills) == [1_050, 1_050]
    assert len(await harness.said_of(HeldPaymentPlaced)) == 1
    assert (await still_held(harness), await harness.dead_letters()) == (1, 0)


async def _overflows(harness: PaymentsHarness) -> list[UUID]:
    rows = await harness.pool.fetch(
        "SELECT customer_id FROM account WHERE credit_minor + settled_minor > $1", MONEY_MAX
    )
    return [row["customer_id"] for row in rows]


async def test_a_lump_sum_over_months_made_on_one_day_settles_the_oldest_month(
    harness: PaymentsHarness,
) -> None:
    id = new_id()
    await harness.hear(customer(id, "C1", harness.north))
    months = ["2026-12", "2026-10", "2026-11"]
    bills = [
        harness.invoice(100, customer_id=id, period=period, number=f"NORTH-{place:06}")
        for place, period in enumerate(months, 1)
    ]
    await harness.hear(*bills)
    await harness.hear(harness.settles(bills[0], 150, invoice_id=None))
    assert await harness.paid_of(*bills) == [0, 100, 50]


async def test_a_month_that_was_missed_and_run_late_is_settled_before_those_that_followed(
    harness: PaymentsHarness,
) -> None:
    id = new_id()
    await harness.hear(customer(id, "C1", harness.north))
    december = harness.invoice(100, customer_id=id, period="2026-12", number="NORTH-000001")
    late = december.due_on + timedelta(days=14)
    june = harness.invoice(100, customer_id=id, period="2026-06", number="NORTH-000002", due_on=late)
    await harness.hear(december, june)
    await harness.hear(harness.settles(december, 130, invoice_id=None))
    assert await harness.paid_of(june, december) == [100, 30]


async def test_rows_from_before_learn_their_period_and_what_was_settled(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100, period="2026-10")
    await harness.hear(customer(bill.customer_id, "C1", harness.north), harness.settles(bill, 100))
    await harness.pool.execute("UPDATE receivable SET period = NULL")
    await harness.pool.execute("UPDATE account SET settled_minor = NULL")
    await harness.hear(bill)
    assert await harness.pool.fetchval("SELECT period FROM receivable") == "2026-10"
    await harness.hear(harness.settles(bill, 7, invoice_id=None))
    assert await harness.pool.fetchval("SELECT settled_minor FROM account") == 100
    await harness.bring(record(harness.reverses(harness.settles(bill))))
    assert await harness.refusals() == ["not-found"]


async def test_payments_for_bills_on_their_way_are_refused_in_the_end(harness: PaymentsHarness) -> None:
    stranger = new_id()
    bill = await harness.issue(100, operator_id=stranger)
    await harness.hear(harness.settles(bill, scope=harness.north))
    await harness.pool.execute(
        "UPDATE waiting_command SET since = $1", clock.now() - workers.LONGEST_WAIT - timedelta(seconds=1)
    )
    assert await workers.settle_waiting(OFFICE)(harness.pool)
    assert await harness.refusals() == ["not-found"]


def test_the_state_of_an_invoice_has_its_period() -> None:
    assert "period" in invoicing.InvoiceState.model_fields


@pytest.mark.parametrize("heard", [INVOICES, CATALOG, PARTNERS])
def test_what_moves_money_is_one_handler_so_that_a_batch_takes_its_locks_once(
    heard: Mapping[type[Any], Handler],
) -> None:
    assert len(set(heard.values())) == 1
