"""A day is closed once: summed up by the authority on money, never changed, corrected on the next one."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from shared import clock
from shared.contracts.envelope import Actor, CommandRefused
from shared.contracts.payments import CloseDay, DayClosed, PaymentRecorded, ReversePayment
from shared.db import in_transaction
from shared.ids import new_id
from tests.integration.payments.harness import CLERK, PaymentsHarness

DAY = date(2026, 11, 20)
RAKIB = Actor(kind="user", name="Rakib", email="rakib@desk.test", user_id=new_id(), id=new_id())


async def takes(
    harness: PaymentsHarness,
    customer_id: UUID,
    amount: int,
    *,
    day: date = DAY,
    method: str = "cash",
    actor: Actor = RAKIB,
) -> UUID:
    """Somebody records money of a day."""
    command = harness.pays(customer_id, amount, paid_on=day, method=method).model_copy(
        update={"actor": actor}
    )
    assert isinstance(await harness.ask(command), PaymentRecorded)
    return UUID(str(command.payment_id))


async def gives_back(harness: PaymentsHarness, customer_id: UUID, payment_id: UUID) -> None:
    await harness.ask(
        ReversePayment(actor=CLERK, payment_id=payment_id, customer_id=customer_id, reason="Wrong customer")
    )


def close(harness: PaymentsHarness, expected: int, **differs: Any) -> CloseDay:
    fields: dict[str, Any] = {
        "closing_id": new_id(),
        "operator_id": harness.north,
        "collector": RAKIB.email,
        "collector_name": RAKIB.name,
        "day": DAY,
        "currency": "BDT",
        "expected_minor": expected,
        "counted_minor": expected,
    }
    return CloseDay(actor=CLERK, **(fields | differs))


def own(**differs: Any) -> dict[str, Any]:
    """An operator's own day."""
    return {"collector": None, "collector_name": None, **differs}


async def closed(harness: PaymentsHarness, command: CloseDay) -> DayClosed:
    end = await harness.ask(command)
    assert isinstance(end, DayClosed), end
    return end


async def refused(harness: PaymentsHarness, command: CloseDay) -> str:
    end = await harness.ask(command)
    assert isinstance(end, CommandRefused), end
    return end.code


async def test_a_collectors_day_is_what_they_took_and_nobody_else_did(harness: PaymentsHarness) -> None:
    customer_id = await harness.customer("A-1")
    await takes(harness, customer_id, 60_000)
    await takes(harness, customer_id, 20_000, method="bkash")
    await takes(harness, customer_id, 5_000, day=DAY - timedelta(days=1))
    await takes(harness, customer_id, 9_000, actor=CLERK)
    taken_back = await takes(harness, customer_id, 7_000)
    await gives_back(harness, customer_id, taken_back)
    end = await closed(harness, close(harness, 60_000))
    assert [(line.method, line.payments, line.amount_minor) for line in end.lines] == [
        ("bkash", 1, 20_000),
        ("cash", 1, 60_000),
    ]
    assert (end.payments, end.collected_minor, end.expected_minor) == (2, 80_000, 60_000)
    assert (end.closed_by, end.counted_minor) == ("clerk@desk.test", 60_000)


async def test_an_operators_day_holds_everyone_below_it_and_what_came_on_other_ways(
    harness: PaymentsHarness,
) -> None:
    below, beside = await harness.customer("A-1"), await harness.customer("B-1", harness.south)
    await takes(harness, below, 60_000)
    await takes(harness, beside, 30_000)
    root = await closed(harness, close(harness, 90_000, operator_id=harness.root, **own()))
    north = await closed(harness, close(harness, 60_000, **own()))
    assert (root.cash_minor, north.cash_minor) == (90_000, 60_000)


async def test_what_is_recorded_or_taken_back_later_is_in_the_next_closing_and_in_no_other(
    harness: PaymentsHarness,
) -> None:
    customer_id, after = await harness.customer("A-1"), DAY + timedelta(days=1)
    counted = await takes(harness, customer_id, 60_000)
    first = close(harness, 60_000)
    await closed(harness, first)
    await takes(harness, customer_id, 4_000)
    await gives_back(harness, customer_id, counted)
    gone = await takes(harness, customer_id, 2_000)
    await gives_back(harness, customer_id, gone)
    await takes(harness, customer_id, 10_000, day=after)
    second = await closed(
        harness, close(harness, -46_000, day=after, counted_minor=0, note="Owed to the till")
    )
    assert (second.cash_minor, second.late_minor, second.reversed_minor) == (10_000, 4_000, 60_000)
    third = await closed(harness, close(harness, 0, day=after + timedelta(days=1)))
    assert (third.late_payments, third.reversed_payments) == (0, 0)
    row = await harness.pool.fetchrow("SELECT * FROM day_closing WHERE closing_id = $1", first.closing_id)
    assert row is not None
    assert (row["expected_minor"], row["collected_minor"]) == (60_000, 60_000)


async def test_a_day_is_closed_once_and_never_before_it_begins(harness: PaymentsHarness) -> None:
    await closed(harness, close(harness, 0))
    assert await refused(harness, close(harness, 0)) == "day-closed"
    tomorrow = clock.now().date() + timedelta(days=2)
    assert await refused(harness, close(harness, 0, day=tomorrow)) == "day-not-begun"
    assert await refused(harness, close(harness, 0, operator_id=new_id(), **own())) == "not-found"
    beyond = close(harness, 0, operator_id=harness.south, **own()).model_copy(update={"scope": harness.north})
    assert await refused(harness, beyond) == "not-found"


async def test_a_signature_is_for_the_figures_that_were_seen_and_a_difference_is_explained(
    harness: PaymentsHarness,
) -> None:
    await takes(harness, await harness.customer("A-1"), 60_000)
    assert await refused(harness, close(harness, 50_000)) == "figures-changed"
    assert await refused(harness, close(harness, 60_000, counted_minor=59_000)) == "not-explained"
    end = await closed(harness, close(harness, 60_000, counted_minor=59_000, note="Too much change"))
    assert (end.expected_minor, end.counted_minor, end.note) == (60_000, 59_000, "Too much change")


async def test_the_same_command_again_is_answered_and_closes_nothing_twice(harness: PaymentsHarness) -> None:
    command, command_id = close(harness, 0), new_id()
    await harness.ask(command, command_id)
    await harness.tell(command, ids=[command_id])
    assert await harness.pool.fetchval("SELECT count(*) FROM day_closing") == 1


async def test_a_closing_waits_for_money_that_is_on_its_way(harness: PaymentsHarness) -> None:
    """Whoever moves money holds days open until they commit: what is in a closed day is in it whole."""
    customer_id = await harness.customer("A-1")
    await takes(harness, customer_id, 1_000)
    async with in_transaction(harness.pool) as moving:
        await moving.execute("SELECT pg_advisory_xact_lock_shared(7326301)")
        closing = asyncio.create_task(harness.ask(close(harness, 1_000)))
        await asyncio.sleep(0.3)
        assert not closing.done()
    assert isinstance(await closing, DayClosed)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE day_closing SET counted_minor = 0",
        "DELETE FROM day_closing",
        "UPDATE day_closing SET note = 'better so'",
    ],
)
async def test_nobody_may_change_a_closed_day(harness: PaymentsHarness, change: str) -> None:
    await closed(harness, close(harness, 0))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await harness.pool.execute(change)


async def test_money_stays_with_the_operator_it_was_taken_for_when_the_customer_moves(
    harness: PaymentsHarness,
) -> None:
    customer = harness.customer_changed("A-1")
    await harness.tell(customer)
    await takes(harness, customer.customer_id, 60_000)
    await harness.tell(customer.model_copy(update={"operator_id": harness.south, "version": 2}))
    await takes(harness, customer.customer_id, 5_000)
    assert (await closed(harness, close(harness, 60_000, **own()))).cash_minor == 60_000
    there = close(harness, 5_000, operator_id=harness.south, **own())
    assert (await closed(harness, there)).cash_minor == 5_000
