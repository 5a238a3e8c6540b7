"""Who waits for whom: every way that money moves, many at once, without a deadlock and without a hole."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from services.payments import workers
from shared import clock
from shared.contracts import invoicing
from shared.contracts.envelope import MONEY_MAX
from shared.contracts.payments import HeldPaymentPlaced, PaymentHeld
from shared.ids import new_id
from tests.integration.payments.desk import OFFICE
from tests.integration.payments.records.till import (
    Till,
    customer,
    operator,
    received,
    record,
    voided,
)

PATIENCE = timedelta(milliseconds=400)


async def deadlocks(till: Till) -> int:
    """A session tells its counts a while after it is idle, unless asked: all of them are."""

    async def ask() -> None:
        await till.pool.execute("SELECT pg_stat_force_next_flush(), pg_sleep(0.1)")

    await asyncio.gather(*(ask() for _ in range(till.pool.get_max_size())))
    return int(
        await till.pool.fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    )


async def still_held(till: Till) -> int:
    return int(await till.pool.fetchval("SELECT count(*) FROM held_payment WHERE state = 'held'"))


async def test_partners_the_desk_bills_and_customers_at_once_never_wait_in_a_circle(till: Till) -> None:
    await till.partner("bkash", till.north)
    chance, customers = random.Random(7), [new_id() for _ in range(12)]
    await till.hear(*(customer(id, f"C{place}", till.north) for place, id in enumerate(customers)))
    numbers = iter(range(10_000))
    coming = [till.bill(50, customer_id=chance.choice(customers)) for _ in range(200)]

    async def partner() -> None:
        events = [
            received("bkash", f"T{next(numbers)}", 30, customer_code=f"C{chance.randrange(12)}")
            for _ in range(6)
        ]
        late = received("bkash", f"T{next(numbers)}", 40, invoice_id=str(chance.choice(coming).invoice_id))
        unknown = received("bkash", f"T{next(numbers)}", 40, customer_code=f"NEW{chance.randrange(40)}")
        await till.bring(*events[:3], late, unknown, *events[3:])

    async def desk() -> None:
        who = chance.sample(customers, 6)
        paid = [till.pays(till.bill(10, customer_id=each), 25, invoice_id=None) for each in who]
        await till.hear(*paid, *(till.reverses(each) for each in paid[:2]), *(
            till.refunds(each, 1) for each in who[2:4]
        ))  # fmt: skip

    async def invoices() -> None:
        bills = chance.sample(coming, 5)
        await till.hear(bills[0], voided(bills[0]), *bills[1:], voided(bills[4]))

    async def newcomers() -> None:
        await till.hear(
            *(customer(new_id(), f"NEW{chance.randrange(40)}", till.far_north) for _ in range(3)),
            *(customer(id, f"C{place}", till.north) for place, id in enumerate(customers)),
        )

    ways: list[Callable[[], Awaitable[None]]] = [partner, desk, invoices, newcomers, partner, desk, invoices]
    for _ in range(25):
        await asyncio.gather(*(way() for way in ways))
    await till.hear(*coming)
    await till.work()
    assert await deadlocks(till) == 0
    assert await till.dead_letters() == 0


async def test_an_unplaceable_event_and_a_batch_that_leaves_credit_do_not_wait_for_each_other(
    till: Till,
) -> None:
    """The old circle: arrivals before accounts here, accounts before arrivals there."""
    await till.partner("bkash", till.north)
    bills = [await till.issue(100) for _ in range(4)]
    for round in range(40):
        late = till.bill(100)
        events = [
            received("bkash", f"T{round}-{n}", 120, invoice_id=str(each.invoice_id))
            for n, each in enumerate([*bills, late])
        ]
        payments = [till.pays(each, 120, invoice_id=None) for each in reversed(bills)]
        await till.hear(*(customer(each.customer_id, f"C{n}", till.north) for n, each in enumerate(bills)))
        refunds = [till.refunds(each.customer_id, 1) for each in bills]
        await asyncio.gather(
            till.bring(*events), till.hear(*payments), till.hear(late), till.hear(*refunds), till.hear(late)
        )
        assert await till.paid(late) == [100]
    assert await deadlocks(till) == 0
    assert await still_held(till) == 0


async def test_batches_of_one_kind_take_their_stripes_in_one_order(till: Till) -> None:
    await till.partner("bkash", till.north)
    rounds = [[till.bill(100) for _ in range(30)] for _ in range(6)]
    for number, bills in enumerate(rounds):
        events = [
            [received("bkash", f"T{number}-{half}-{n}", 60, invoice_id=str(each.invoice_id))
             for n, each in enumerate(random.Random(half).sample(bills, 30))]
            for half in (1, 2)
        ]  # fmt: skip
        await asyncio.gather(*(till.bring(*each) for each in events), till.hear(*bills))
        assert set(await till.paid(*bills)) == {100}
    assert await deadlocks(till) == 0
    assert await still_held(till) == 0


async def test_a_batch_that_is_replayed_lets_go_of_each_records_locks(till: Till) -> None:
    await till.partner("bkash", till.north)
    bills = [await till.issue(100) for _ in range(6)]
    for number in range(8):
        culprit = received("nobody", f"T{number}", 10, customer_code="C1")
        events = [
            [received("bkash", f"T{number}-{half}-{n}", 20, invoice_id=str(each.invoice_id))
             for n, each in enumerate(order)]
            for half, order in enumerate((bills, bills[::-1]))
        ]  # fmt: skip
        await asyncio.gather(*(till.bring(*each[:3], culprit, *each[3:]) for each in events))
    assert await deadlocks(till) == 0
    assert await till.dead_letters() == 8
    assert set(await till.paid(*bills)) == {100}


async def test_credit_is_applied_while_a_republish_reads_the_account(till: Till) -> None:
    bill = await till.issue(100)
    await till.hear(till.pays(bill, 300))
    following = till.bill(105, customer_id=bill.customer_id)
    async with till.pool.acquire() as connection, connection.transaction():
        await workers._say_payments(connection, None)
        await asyncio.wait_for(till.hear(following), timeout=5)
    assert await till.paid(following) == [105]


async def test_a_bill_waits_for_whoever_moves_its_customers_credit(till: Till) -> None:
    bill = await till.issue(100)
    await till.hear(till.pays(bill, 300))
    following = till.bill(105, customer_id=bill.customer_id)
    async with till.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT 1 FROM account FOR UPDATE")
        hearing = asyncio.create_task(till.hear(following))
        await asyncio.sleep(PATIENCE.total_seconds())
        assert not hearing.done()
    await hearing
    assert await till.paid(following) == [105]


async def test_customers_with_credit_take_no_lock_of_arrivals(till: Till) -> None:
    bill = await till.issue(100)
    await till.hear(customer(bill.customer_id, "C1", till.north), till.pays(bill, 300))
    async with till.pool.acquire() as connection, connection.transaction():
        await connection.execute(
            "SELECT pg_advisory_xact_lock_shared(7202, n) FROM generate_series(0, 127) n"
        )
        await asyncio.wait_for(till.hear(till.pays(bill, 50, invoice_id=None)), timeout=5)
    assert await till.credit(bill.customer_id) == 250


async def test_a_known_bill_said_again_takes_no_lock(till: Till) -> None:
    bill = await till.issue(100)
    async with till.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT 1 FROM receivable FOR UPDATE")
        await asyncio.wait_for(till.hear(bill), timeout=5)


async def test_money_for_a_bill_whose_operator_is_not_known_waits_and_does_not_turn(till: Till) -> None:
    stranger = new_id()
    bill = await till.issue(100, operator_id=stranger)
    await till.hear(till.pays(bill, scope=till.north))
    assert not await workers.settle_waiting(OFFICE)(till.pool)
    since = await till.pool.fetchval("SELECT since FROM waiting_command")
    assert not await workers.settle_waiting(OFFICE)(till.pool)
    assert await till.pool.fetchval("SELECT since FROM waiting_command") == since
    await till.hear(operator(stranger, "LATE", (till.root, till.north, stranger)))
    assert await workers.settle_waiting(OFFICE)(till.pool)
    assert await till.paid(bill) == [100]


async def test_a_lump_sum_waits_for_its_customers_operator_too(till: Till) -> None:
    stranger, id = new_id(), new_id()
    await till.hear(customer(id, "C1", stranger))
    await till.hear(till.pays(till.bill(customer_id=id), invoice_id=None, scope=till.north))
    assert await till.refusals() == []
    await till.hear(operator(stranger, "LATE", (till.root, till.north, stranger)))
    await till.work()
    assert await till.credit(id) == 100


async def test_money_outside_the_reach_is_looked_at_again_when_its_operator_comes(till: Till) -> None:
    await till.partner("bkash", till.north)
    stranger, id = new_id(), new_id()
    bill = await till.issue(100, operator_id=stranger)
    await till.hear(customer(id, "C9", stranger))
    await till.bring(
        received("bkash", "T1", 60, invoice_id=str(bill.invoice_id)),
        received("bkash", "T2", 70, customer_code="C9"),
    )
    assert [each.reason for each in await till.said_of(PaymentHeld)] == ["outside-reach"] * 2
    await till.hear(operator(stranger, "LATE", (till.root, till.north, stranger)))
    await till.work()
    assert (await till.paid(bill), await till.credit(id)) == ([60], 70)
    assert sorted(await till.receipts()) == [
        ("T1", "held"), ("T1", "recorded"), ("T2", "held"), ("T2", "recorded"),
    ]  # fmt: skip


async def test_money_for_a_bill_whose_void_overtook_its_issue_becomes_credit(till: Till) -> None:
    await till.partner("bkash", till.north)
    bill = till.bill(100)
    await till.bring(received("bkash", "T1", 60, invoice_number=bill.number))
    await till.hear(voided(bill))
    assert (await till.paid(bill), await till.credit(bill.customer_id)) == ([0], 60)
    await till.hear(bill)
    assert (await till.paid(bill), await still_held(till)) == ([0], 0)


async def test_money_of_two_customers_with_one_code_is_placed_when_one_of_them_gets_another(
    till: Till,
) -> None:
    await till.partner("bkash", till.north)
    one, other = new_id(), new_id()
    await till.hear(customer(one, "TWIN", till.north), customer(other, "TWIN", till.far_north))
    await till.bring(received("bkash", "T1", 60, customer_code="TWIN"))
    await till.hear(customer(other, "SINGLE", till.far_north, version=2))
    await till.work()
    assert (await till.credit(one), await still_held(till)) == (60, 0)


@pytest.mark.parametrize("target", ["customer_code", "invoice_id"])
async def test_two_of_the_largest_payments_leave_the_customer_movable(till: Till, target: str) -> None:
    await till.partner("bkash", till.north)
    bill = await till.issue(1_050)
    await till.hear(customer(bill.customer_id, "C1", till.north))
    named = {target: "C1" if target == "customer_code" else str(bill.invoice_id)}
    await till.bring(*(received("bkash", f"T{n}", MONEY_MAX, **named) for n in (1, 2)))
    assert await till.receipts() == [("T1", "recorded"), ("T2", "held")]
    (held,) = await till.said_of(PaymentHeld)
    assert held.reason == "amount-too-large"
    following = await till.issue(100, customer_id=bill.customer_id)
    await till.hear(voided(bill), till.pays(bill, MONEY_MAX, invoice_id=None))
    await till.work()
    assert await till.refusals() == ["amount-too-large"]
    assert await till.paid(following) == [100]
    await till.hear(till.refunds(bill.customer_id, 5_000))
    assert await still_held(till) == 1
    assert await till.dead_letters() == 0
    assert await _overflows(till) == []


async def test_held_money_goes_where_it_can_be_counted(till: Till) -> None:
    await till.partner("bkash", till.north)
    bills = [till.bill(1_050, customer_id=UUID(int=77)) for _ in range(2)]
    await till.bring(
        *(received("bkash", f"T{n}", MONEY_MAX, invoice_id=str(bill.invoice_id))
          for n, bill in enumerate(bills))
    )  # fmt: skip
    await till.hear(*bills)
    await till.work()
    assert await till.paid(*bills) == [1_050, 1_050]
    assert len(await till.said_of(HeldPaymentPlaced)) == 1
    assert (await still_held(till), await till.dead_letters()) == (1, 0)


async def _overflows(till: Till) -> list[UUID]:
    rows = await till.pool.fetch(
        "SELECT customer_id FROM account WHERE credit_minor + settled_minor > $1", MONEY_MAX
    )
    return [row["customer_id"] for row in rows]


async def test_a_lump_sum_over_months_made_on_one_day_settles_the_oldest_month(till: Till) -> None:
    id = new_id()
    await till.hear(customer(id, "C1", till.north))
    months = ["2026-12", "2026-10", "2026-11"]
    bills = [
        till.bill(100, customer_id=id, period=period, number=f"NORTH-{place:06}")
        for place, period in enumerate(months, 1)
    ]
    await till.hear(*bills)
    await till.hear(till.pays(bills[0], 150, invoice_id=None))
    assert await till.paid(*bills) == [0, 100, 50]


async def test_rows_from_before_learn_their_period_and_what_was_settled(till: Till) -> None:
    bill = await till.issue(100, period="2026-10")
    await till.hear(customer(bill.customer_id, "C1", till.north), till.pays(bill, 100))
    await till.pool.execute("UPDATE receivable SET period = NULL")
    await till.pool.execute("UPDATE account SET settled_minor = NULL")
    await till.hear(bill)
    assert await till.pool.fetchval("SELECT period FROM receivable") == "2026-10"
    await till.hear(till.pays(bill, 7, invoice_id=None))
    assert await till.pool.fetchval("SELECT settled_minor FROM account") == 100
    await till.bring(record(till.reverses(till.pays(bill))))
    assert await till.refusals() == ["not-found"]


async def test_payments_for_bills_on_their_way_are_refused_in_the_end(till: Till) -> None:
    stranger = new_id()
    bill = await till.issue(100, operator_id=stranger)
    await till.hear(till.pays(bill, scope=till.north))
    await till.pool.execute(
        "UPDATE waiting_command SET since = $1", clock.now() - workers.LONGEST_WAIT - timedelta(seconds=1)
    )
    assert await workers.settle_waiting(OFFICE)(till.pool)
    assert await till.refusals() == ["not-found"]


def test_the_state_of_an_invoice_has_its_period() -> None:
    assert "period" in invoicing.InvoiceState.model_fields
