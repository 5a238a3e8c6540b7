"""Many at once: two clerks, ten connections, invoices and money crossing, everything said again."""

from __future__ import annotations

import asyncio
import random

import pytest

from shared.contracts.envelope import CommandCompleted
from shared.contracts.invoicing import Republish
from shared.contracts.payments import (
    MoneyRepublished,
    PartnerChanged,
    PaymentHeld,
    PaymentRecorded,
)
from shared.ids import new_id
from tests.integration.payments.records.till import CLERK, Till, customer, received, record


async def test_two_clerks_pay_one_bill_at_once(till: Till) -> None:
    for _ in range(5):
        bill = await till.issue(100)
        await asyncio.gather(till.hear(till.pays(bill)), till.hear(till.pays(bill)))
        assert await till.paid(bill) == [100]
    assert await till.refusals() == ["already-paid"] * 5


async def test_ten_connections_on_one_customer_lose_nothing(till: Till) -> None:
    bill = await till.issue(1_000)
    await till.hear(customer(bill.customer_id, "C1", till.north))
    await till.partner("bkash")
    chance = random.Random(7)

    async def clerk(number: int) -> None:
        for step in range(5):
            payment = till.pays(bill, 10, invoice_id=None)
            await till.hear(payment)
            await till.bring(received("bkash", f"T{number}-{step}", 10, invoice_id=str(bill.invoice_id)))
            if chance.random() < 0.3:
                await till.hear(till.reverses(payment))

    await asyncio.gather(*(clerk(number) for number in range(10)))
    reversals = await till.pool.fetchval("SELECT count(*) FROM payment WHERE reversed")
    assert await till.paid(bill) == [1_000 - 10 * reversals]
    assert await till.dead_letters() == 0


async def test_batches_over_the_same_customers_do_not_wait_on_each_other_for_ever(till: Till) -> None:
    bills = [till.bill(100) for _ in range(50)]
    await till.hear(*bills)
    await till.partner("bkash")

    async def batch(number: int) -> None:
        mixed = random.Random(number).sample(bills, len(bills))
        await till.hear(*(till.pays(each, 10) for each in mixed))
        await till.bring(
            *(received("bkash", f"T{number}-{n}", 5, invoice_id=str(each.invoice_id))
              for n, each in enumerate(reversed(mixed)))
        )  # fmt: skip

    await asyncio.gather(*(batch(number) for number in range(4)))
    assert set(await till.paid(*bills)) == {60}


async def test_an_event_and_its_invoice_that_cross_always_meet(till: Till) -> None:
    await till.partner("bkash")
    bills = [till.bill(100) for _ in range(40)]
    events = [
        received("bkash", f"T{n}", 100, invoice_id=str(each.invoice_id)) for n, each in enumerate(bills)
    ]
    for bill, event in zip(bills, events, strict=True):
        await asyncio.gather(till.hear(bill), till.bring(event))
    await till.work()
    assert set(await till.paid(*bills)) == {100}
    assert await till.pool.fetchval("SELECT count(*) FROM held_payment WHERE state = 'held'") == 0


async def test_credit_and_an_invoice_that_cross_always_meet(till: Till) -> None:
    for _ in range(30):
        bill = await till.issue(100)
        following = till.bill(100, customer_id=bill.customer_id)
        await asyncio.gather(till.hear(till.pays(bill, 150)), till.hear(following))
        await till.work()
        assert await till.paid(following) == [50]


async def test_a_refused_payment_does_not_keep_credit_from_the_next_invoice(till: Till) -> None:
    for _ in range(30):
        bill = await till.issue(100)
        await till.hear(till.pays(bill, 150))
        following = till.bill(100, customer_id=bill.customer_id)
        await asyncio.gather(*(till.hear(till.pays(bill)) for _ in range(3)), till.hear(following))
        await till.work()
        assert await till.paid(following) == [50]


@pytest.mark.parametrize("subjects", [(), ("payments",)])
async def test_republish_says_everything_that_money_touched_and_then_completes(
    till: Till, subjects: tuple[str, ...]
) -> None:
    await till.partner("bkash", till.north)
    bills = [await till.issue(100) for _ in range(3)]
    await till.hear(*(till.pays(each, 130) for each in bills), till.pays(bills[0]))
    await till.bring(received("bkash", "T1", 100, customer_code="NOBODY"))
    await till.work()
    before = await till.said(forget=True)
    id = new_id()
    command = record(Republish(actor=CLERK, service="payments", subjects=subjects), id)
    await till.bring(command, command)
    await till.work()
    assert await till.said_of(CommandCompleted) == []
    again = await till.said(forget=True)
    assert {each.lane for each in again} == {1}
    await till.work()
    (end,) = await till.said()
    assert isinstance(end.message, CommandCompleted)
    assert end.causation_id == id
    said = [each.message for each in again]
    money = {each.customer_id: each for each in said if isinstance(each, MoneyRepublished)}
    for each in before:
        if isinstance(each.message, PaymentRecorded):
            assert money[each.message.customer_id].payments == each.message.payments
            assert money[each.message.customer_id].receivables == each.message.receivables
            assert money[each.message.customer_id].account == each.message.account
    if not subjects:
        assert any(isinstance(each, PaymentHeld) and each.version == 1 for each in said)
        assert any(isinstance(each, PartnerChanged) for each in said)


async def test_nothing_is_said_twice_when_everything_is_delivered_twice(till: Till) -> None:
    await till.partner("bkash")
    bills = [till.bill(100) for _ in range(20)]
    events = [received("bkash", f"T{n}", 60, invoice_number=each.number) for n, each in enumerate(bills)]
    everything = [
        *(record(each) for each in bills),
        *(record(till.pays(each, 50)) for each in bills),
        *events,
    ]
    await till.bring(*everything)
    paid = await till.paid(*bills)
    await till.bring(*everything)
    assert await till.paid(*bills) == paid
    # A command that comes again is answered again, in the words of then.
    said = await till.said_of(PaymentRecorded)
    assert len({(each.payments[0].payment_id, each.payments[0].version) for each in said}) == 40
    assert [await till.credit(each.customer_id) for each in bills] == [10] * 20
