"""The view stays right: under redelivery, in any order, and its totals are always the sum of its bills."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest

from gateway.projection import handlers
from gateway.projection import store as projection_store
from shared.contracts.envelope import Message
from shared.db import in_transaction
from tests.conftest import PoolFor
from tests.integration.gateway.harness import (
    GatewayHarness,
    customer,
    invoice,
    operator,
    paid,
    received,
    voided,
)
from tests.integration.gateway.sums import summed, totals_of
from tests.invoice_sets import read, set_of


async def test_totals_count_a_bill_for_its_operator_and_everyone_above(harness: GatewayHarness) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued, paid(issued, 5_000))
    counted = (1, 105_000, 5_000, 100_000)
    assert await totals_of(harness.pool) == {
        str(harness.root.operator_id): counted,
        str(harness.north.operator_id): counted,
    }


async def test_a_redelivered_batch_changes_nothing(harness: GatewayHarness) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    money = paid(issued, 105_000)
    for _ in range(3):
        await harness.say(issued, money)
    assert (await totals_of(harness.pool))[str(harness.root.operator_id)] == (1, 105_000, 105_000, 0)
    assert await harness.pool.fetchval("SELECT count(*) FROM payment") == 1


async def test_a_batch_may_hold_one_invoice_twice(harness: GatewayHarness) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    async with in_transaction(harness.pool) as tx:
        await handlers.project_invoices([received(issued), received(voided(issued)), received(issued)], tx)
    assert await harness.pool.fetchval("SELECT status FROM bill") == "void"
    assert (await totals_of(harness.pool))[str(harness.root.operator_id)] == (1, 0, 0, 0)


async def test_a_set_of_invoices_is_what_they_would_be_by_themselves(harness: GatewayHarness) -> None:
    bills = [invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001")]
    alone = [invoice(harness.abdul, "NORTH-000002"), invoice(harness.mitu, "SOUTH-000002")]
    await harness.say(read(set_of(*bills)))
    await harness.say_batch(alone)
    rows = await harness.pool.fetch("SELECT * FROM bill ORDER BY number")
    said = [{name: value for name, value in row.items() if name not in ("id", "number")} for row in rows]
    assert said[0::2] == said[1::2]
    assert [row["id"] for row in rows] == [
        each.invoice_id for each in (bills[0], alone[0], bills[1], alone[1])
    ]
    assert await totals_of(harness.pool) == await summed(harness.pool)
    await harness.say_batch([read(set_of(*bills)), read(set_of(bills[1])), voided(bills[0]), bills[1]])
    await harness.say(read(set_of(*bills)))
    assert await harness.pool.fetchval("SELECT count(*) FROM bill WHERE status = 'void'") == 1
    assert await totals_of(harness.pool) == await summed(harness.pool)


async def test_a_set_meets_bills_that_are_paid_or_void_already(harness: GatewayHarness) -> None:
    first, second, third = (invoice(harness.abdul, f"NORTH-00000{number}") for number in (1, 2, 3))
    await harness.say(paid(first, 5_000), voided(second))
    await harness.say(read(set_of(first, second, third)))
    rows = await harness.pool.fetch("SELECT status FROM bill ORDER BY number")
    assert [row["status"] for row in rows] == ["partial", "void", "unpaid"]
    assert await totals_of(harness.pool) == await summed(harness.pool)


async def test_money_before_its_invoice_is_hidden_until_the_invoice_comes(harness: GatewayHarness) -> None:
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(paid(issued, 5_000))
    assert await totals_of(harness.pool) == {}
    await harness.say(issued)
    row = await harness.pool.fetchrow("SELECT status, paid_minor, balance_minor FROM bill")
    assert tuple(row) == ("partial", 5_000, 100_000)
    assert await totals_of(harness.pool) == await summed(harness.pool)


async def test_void_wins_over_money_in_either_order(harness: GatewayHarness) -> None:
    first, second = invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001")
    await harness.say(first, paid(first, 5_000), voided(first))
    await harness.say(second, voided(second), paid(second, 5_000))
    rows = await harness.pool.fetch("SELECT status, balance_minor FROM bill")
    assert [tuple(row) for row in rows] == [("void", 0), ("void", 0)]
    assert (await totals_of(harness.pool))[str(harness.root.operator_id)] == (2, 0, 0, 0)


async def test_an_operator_that_comes_late_counts_its_bills_upwards(harness: GatewayHarness) -> None:
    late = operator("LATE", harness.south)
    issued = invoice(customer("L1", late, harness.plan), "LATE-000001")
    await harness.say(issued)
    assert set(await totals_of(harness.pool)) == {str(late.operator_id)}
    await harness.say(late, late)
    await harness.say(paid(issued, 5_000))
    assert await totals_of(harness.pool) == await summed(harness.pool)
    assert len(await totals_of(harness.pool)) == 3


@pytest.mark.parametrize("seed", range(8))
async def test_totals_are_the_sum_of_the_bills_whatever_comes_when(
    harness: GatewayHarness, seed: int
) -> None:
    chance = random.Random(seed)
    said: list[Message] = []
    for number in range(6):
        of = chance.choice([harness.abdul, harness.mitu])
        issued = invoice(of, f"X-{number:06d}", chance.choice(["2026-11", "2026-12"]))
        said += [issued, issued, paid(issued, 5_000), paid(issued, 105_000, version=2)]
        said += [voided(issued)] if chance.random() < 0.3 else []
    chance.shuffle(said)
    for part in _batches(said):
        await harness.say_batch(part)
    assert await totals_of(harness.pool) == await summed(harness.pool)
    for part in _batches(said):
        await harness.say_batch(part)
    assert await totals_of(harness.pool) == await summed(harness.pool)


def _batches(said: Sequence[Message]) -> list[list[Message]]:
    return [list(run) for _, run in itertools.groupby(said, key=lambda each: type(each))]


async def test_two_writers_at_once_count_in_slots_of_their_own(
    harness: GatewayHarness, pool_for: PoolFor
) -> None:
    async with in_transaction(harness.pool) as one, in_transaction(harness.pool) as other:
        assert (await projection_store.take_slot(one)).number != (
            await projection_store.take_slot(other)
        ).number
