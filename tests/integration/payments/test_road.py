"""Many at once: two clerks, ten connections, invoices and money crossing, everything said again."""

from __future__ import annotations

import asyncio
import random

import pytest

from services.payments import workers
from shared import deadletters
from shared.contracts.envelope import CommandCompleted, DeadLetterChanged
from shared.contracts.invoicing import Republish
from shared.contracts.payments import (
    MoneyRepublished,
    PartnerChanged,
    PaymentHeld,
    PaymentRecorded,
    RecordPayment,
)
from shared.db import in_transaction
from shared.ids import new_id
from tests.integration.installation import leave_unsent
from tests.integration.payments.harness import CLERK, PaymentsHarness, customer, raw, received, record


async def test_two_clerks_pay_one_bill_at_once(harness: PaymentsHarness) -> None:
    for _ in range(5):
        bill = await harness.issue(100)
        await asyncio.gather(harness.hear(harness.settles(bill)), harness.hear(harness.settles(bill)))
        assert await harness.paid_of(bill) == [100]
    assert await harness.refusals() == ["already-paid"] * 5


async def test_ten_connections_on_one_customer_lose_nothing(harness: PaymentsHarness) -> None:
    bill = await harness.issue(1_000)
    await harness.hear(customer(bill.customer_id, "C1", harness.north))
    await harness.partner("bkash")
    chance = random.Random(7)

    async def clerk(number: int) -> None:
        for step in range(5):
            payment = harness.settles(bill, 10, invoice_id=None)
            await harness.hear(payment)
            await harness.bring(received("bkash", f"T{number}-{step}", 10, invoice_id=str(bill.invoice_id)))
            if chance.random() < 0.3:
                await harness.hear(harness.reverses(payment))

    await asyncio.gather(*(clerk(number) for number in range(10)))
    reversals = await harness.pool.fetchval("SELECT count(*) FROM payment WHERE reversed")
    assert await harness.paid_of(bill) == [1_000 - 10 * reversals]
    assert await harness.dead_letters() == 0


async def test_batches_over_the_same_customers_do_not_wait_on_each_other_for_ever(
    harness: PaymentsHarness,
) -> None:
    bills = [harness.invoice(100) for _ in range(50)]
    await harness.hear(*bills)
    await harness.partner("bkash")

    async def batch(number: int) -> None:
        mixed = random.Random(number).sample(bills, len(bills))
        await harness.hear(*(harness.settles(each, 10) for each in mixed))
        await harness.bring(
            *(received("bkash", f"T{number}-{n}", 5, invoice_id=str(each.invoice_id))
              for n, each in enumerate(reversed(mixed)))
        )  # fmt: skip

    await asyncio.gather(*(batch(number) for number in range(4)))
    assert set(await harness.paid_of(*bills)) == {60}


async def test_an_event_and_its_invoice_that_cross_always_meet(harness: PaymentsHarness) -> None:
    await harness.partner("bkash")
    bills = [harness.invoice(100) for _ in range(40)]
    events = [
        received("bkash", f"T{n}", 100, invoice_id=str(each.invoice_id)) for n, each in enumerate(bills)
    ]
    for bill, event in zip(bills, events, strict=True):
        await asyncio.gather(harness.hear(bill), harness.bring(event))
    await harness.work()
    assert set(await harness.paid_of(*bills)) == {100}
    assert await harness.pool.fetchval("SELECT count(*) FROM held_payment WHERE state = 'held'") == 0


async def test_credit_and_an_invoice_that_cross_always_meet(harness: PaymentsHarness) -> None:
    for _ in range(30):
        bill = await harness.issue(100)
        following = harness.invoice(100, customer_id=bill.customer_id)
        await asyncio.gather(harness.hear(harness.settles(bill, 150)), harness.hear(following))
        await harness.work()
        assert await harness.paid_of(following) == [50]


async def test_a_refused_payment_does_not_keep_credit_from_the_next_invoice(harness: PaymentsHarness) -> None:
    for _ in range(30):
        bill = await harness.issue(100)
        await harness.hear(harness.settles(bill, 150))
        following = harness.invoice(100, customer_id=bill.customer_id)
        await asyncio.gather(
            *(harness.hear(harness.settles(bill)) for _ in range(3)), harness.hear(following)
        )
        await harness.work()
        assert await harness.paid_of(following) == [50]


@pytest.mark.parametrize("subjects", [(), ("payments",)])
async def test_republish_says_everything_that_money_touched_and_then_completes(
    harness: PaymentsHarness, subjects: tuple[str, ...]
) -> None:
    await harness.partner("bkash", harness.north)
    bills = [await harness.issue(100) for _ in range(3)]
    await harness.hear(*(harness.settles(each, 130) for each in bills), harness.settles(bills[0]))
    await harness.bring(received("bkash", "T1", 100, customer_code="NOBODY"))
    await harness.work()
    before = await harness.said(forget=True)
    id = new_id()
    command = record(Republish(actor=CLERK, service="payments", subjects=subjects), id)
    await harness.bring(command, command)
    await harness.work()
    assert await harness.said_of(CommandCompleted) == []
    again = await harness.said(forget=True)
    assert {each.lane for each in again} == {1}
    await harness.work()
    (end,) = await harness.said()
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


async def test_a_step_of_a_republish_has_as_much_money_in_memory_as_it_may(
    harness: PaymentsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "STATES_A_STEP", 3)
    bills = [await harness.issue(100) for _ in range(4)]
    await harness.hear(*(harness.settles(each, 10) for each in bills))
    await harness.hear(*(harness.settles(bills[0], 10) for _ in range(5)))
    await harness.work()
    await harness.said(forget=True)
    await harness.hear(Republish(actor=CLERK, service="payments", subjects=("payments",)))
    steps = []
    while not steps or steps[-1]:
        await workers.republish(harness.pool)
        steps.append(len(await harness.said_of(MoneyRepublished)))
        await harness.said(forget=True)
    assert sum(steps) == 4
    assert max(steps) == 2


async def test_the_next_step_of_a_republish_waits_behind_what_has_not_left_the_outbox(
    harness: PaymentsHarness,
) -> None:
    await harness.hear(harness.settles(await harness.issue(100), 10))
    await harness.work()
    await harness.hear(Republish(actor=CLERK, service="payments", subjects=("payments",)))
    unsent = await leave_unsent(harness.pool, "payments.payments")
    assert not await workers.republish(harness.pool)
    await harness.pool.execute("DELETE FROM outbox WHERE id = $1", unsent)
    assert await workers.republish(harness.pool)
    assert len(await harness.said_of(MoneyRepublished)) == 1


async def test_nothing_is_said_twice_when_everything_is_delivered_twice(harness: PaymentsHarness) -> None:
    await harness.partner("bkash")
    bills = [harness.invoice(100) for _ in range(20)]
    events = [received("bkash", f"T{n}", 60, invoice_number=each.number) for n, each in enumerate(bills)]
    everything = [
        *(record(each) for each in bills),
        *(record(harness.settles(each, 50)) for each in bills),
        *events,
    ]
    await harness.bring(*everything)
    paid = await harness.paid_of(*bills)
    await harness.bring(*everything)
    assert await harness.paid_of(*bills) == paid
    # A command that comes again is answered again, in the words of then.
    said = await harness.said_of(PaymentRecorded)
    assert len({(each.payments[0].payment_id, each.payments[0].version) for each in said}) == 40
    assert [await harness.credit(each.customer_id) for each in bills] == [10] * 20


async def test_a_dead_letter_is_said_once_a_state_and_never_what_it_held(harness: PaymentsHarness) -> None:
    await harness.bring(raw(RecordPayment.topic, b"secret-of-a-customer", RecordPayment.type))
    announce = deadletters.announce("payments")
    for _ in range(2):
        await announce(harness.pool)
    (said,) = await harness.said_of(DeadLetterChanged)
    assert (said.service, said.subject, said.state, said.attempts) == (
        "payments", RecordPayment.topic, "open", 1,
    )  # fmt: skip
    assert "secret-of-a-customer" not in said.model_dump_json()
    async with in_transaction(harness.pool) as tx:
        assert await deadletters.close(tx, said.letter_id, "redriven")
    for _ in range(2):
        await announce(harness.pool)
    states = [(each.state, each.version > said.version) for each in await harness.said_of(DeadLetterChanged)]
    assert states == [("open", False), ("redriven", True)]
