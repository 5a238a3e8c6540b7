"""Money from the desk: counted once, settled in order, taken back without loss."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from services.payments import workers
from shared import clock
from shared.contracts.envelope import CommandRefused, Message
from shared.contracts.payments import (
    CreditRefunded,
    MoneyMoved,
    PaymentAllocated,
    PaymentRecorded,
    PaymentReversed,
    RefundCredit,
    ReversePayment,
)
from shared.ids import new_id
from tests.integration.payments.desk import CLERK, OFFICE, Desk


def code_of(end: Message) -> str:
    assert isinstance(end, CommandRefused), end
    return end.code


async def test_a_payment_settles_its_bill_and_the_rest_becomes_credit(desk: Desk) -> None:
    customer = await desk.customer("C-1")
    bill = await desk.billed(customer, 1_000)
    end = await desk.ask(desk.pays(customer, 1_200, bill))
    assert isinstance(end, PaymentRecorded)
    assert (end.payments[0].allocated_minor, end.payments[0].credit_minor) == (1_000, 200)
    assert (end.receivables[0].status, end.receivables[0].version) == ("paid", 1)
    assert (end.account.credit_minor, await desk.credit(customer), await desk.paid(bill)) == (200, 200, 1_000)
    await desk.balanced()


async def test_a_redelivered_payment_is_counted_once(desk: Desk) -> None:
    customer = await desk.customer("C-1")
    bill, id = await desk.billed(customer, 1_000), new_id()
    command = desk.pays(customer, 400, bill)
    await desk.ask(command, id)
    again = await desk.tell(command, ids=[id])
    assert [each.causation_id for each in again] == [id]  # the answer, once more, and nothing else
    again = await desk.ask(command)  # the same payment under a new command
    assert isinstance(again, PaymentRecorded)
    assert again.payments[0].version == 1
    assert await desk.paid(bill) == 400
    taken = desk.pays(customer, 500, bill, payment_id=command.payment_id)
    assert code_of(await desk.ask(taken)) == "id-taken"


async def test_a_batch_ends_as_one_by_one_would(desk: Desk) -> None:
    ends = []
    for batched in (True, False):
        customer = await desk.customer(f"C-{batched}")
        bills = [await desk.billed(customer, 1_000, due_on=date(2026, 12, day)) for day in (20, 10)]
        one = desk.pays(customer, 700, bills[0])
        commands = [one, one, desk.pays(customer, 700, bills[0]), desk.pays(customer, 900, bills[0])]
        if batched:
            said = await desk.tell(*commands)
        else:
            said = [heard for each in commands for heard in await desk.tell(each)]
        ends.append([_outline(each.message) for each in said])
    assert ends[0] == ends[1]
    assert await desk.balanced()


def _outline(message: Message) -> object:
    if isinstance(message, MoneyMoved):
        bills = [(each.paid_minor, each.version) for each in message.receivables]
        payments = [(each.allocated_minor, each.credit_minor, each.version) for each in message.payments]
        return message.type, payments, bills, message.account.credit_minor, message.account.version
    return code_of(message)


async def test_refusals_say_why(desk: Desk) -> None:
    customer, other = await desk.customer("C-1"), await desk.customer("C-2")
    bill = desk.bill(customer, 1_000)
    await desk.tell(bill)
    pays = desk.pays
    seen = pays(customer, 1_000, bill.invoice_id, expected_balance_minor=999)
    assert code_of(await desk.ask(seen)) == "balance-changed"
    assert code_of(await desk.ask(pays(other, 1_000, bill.invoice_id))) == "not-found"
    foreign = pays(customer, 1_000, bill.invoice_id, scope=desk.neighbour)
    assert code_of(await desk.ask(foreign)) == "not-found"
    dollars = pays(customer, 1_000, bill.invoice_id, currency="USD")
    assert code_of(await desk.ask(dollars)) == "currency-mismatch"
    await desk.ask(pays(customer, 1_000, bill.invoice_id, scope=desk.root))
    assert code_of(await desk.ask(pays(customer, 1, bill.invoice_id))) == "already-paid"
    await desk.tell(desk.voided(bill))
    assert code_of(await desk.ask(pays(customer, 1, bill.invoice_id))) == "bill-void"
    await desk.balanced()


async def test_a_lump_sum_settles_the_oldest_due_first(desk: Desk) -> None:
    customer = await desk.customer("C-1")
    new = await desk.billed(customer, 1_000, due_on=date(2026, 12, 20))
    old = await desk.billed(customer, 1_000, due_on=date(2026, 12, 10))
    await desk.ask(desk.pays(customer, 1_500))
    assert (await desk.paid(old), await desk.paid(new)) == (1_000, 500)


async def test_a_reversal_ends_once(desk: Desk) -> None:
    customer = await desk.customer("C-1")
    bill = await desk.billed(customer, 1_000)
    first, second = desk.pays(customer, 1_000, bill), desk.pays(customer, 300)
    await desk.tell(first, second)
    back = ReversePayment(actor=CLERK, payment_id=first.payment_id, customer_id=customer, reason="mistake")
    foreign = back.model_copy(update={"scope": desk.neighbour})
    assert code_of(await desk.ask(foreign)) == "not-found"
    id = new_id()
    end = await desk.ask(back, id)
    assert isinstance(end, PaymentReversed)
    assert end.payments[0].payment_id == first.payment_id
    assert end.payments[0].reversed
    again = await desk.tell(back, ids=[id])
    assert [each.message for each in again] == [end], "a command that comes again is answered again"
    assert code_of(await desk.ask(back)) == "already-reversed"
    assert (await desk.paid(bill), await desk.credit(customer)) == (300, 0)
    sums = await desk.balanced()
    assert sums["received"] == 300


async def test_a_refund_pays_back_credit_only_and_once(desk: Desk) -> None:
    customer = await desk.customer("C-1")
    await desk.ask(desk.pays(customer, 500))
    refund = RefundCredit(
        actor=CLERK, refund_id=new_id(), customer_id=customer, amount_minor=200, reason="moved away"
    )
    end = await desk.ask(refund)
    assert isinstance(end, CreditRefunded)
    assert isinstance(await desk.ask(refund), CreditRefunded)
    assert await desk.credit(customer) == 300
    more = refund.model_copy(update={"refund_id": new_id(), "amount_minor": 301})
    assert code_of(await desk.ask(more)) == "more-than-credit"
    unknown = more.model_copy(update={"customer_id": new_id()})
    assert code_of(await desk.ask(unknown)) == "not-found"
    await desk.balanced()


async def test_credit_settles_the_next_bill_by_itself(desk: Desk) -> None:
    customer = await desk.customer("C-1")
    await desk.ask(desk.pays(customer, 500))
    bill = desk.bill(customer, 700)
    said = await desk.tell(bill)
    assert [type(each.message) for each in said] == [PaymentAllocated]
    assert await desk.tell(bill) == []
    assert (await desk.paid(bill.invoice_id), await desk.credit(customer)) == (500, 0)


async def test_a_void_bill_releases_its_money_once(desk: Desk) -> None:
    customer = await desk.customer("C-1")
    bill = desk.bill(customer, 700)
    other = await desk.billed(customer, 300)
    await desk.tell(bill)
    await desk.ask(desk.pays(customer, 700, bill.invoice_id))
    said = await desk.tell(desk.voided(bill))
    assert [type(each.message) for each in said] == [PaymentAllocated]
    assert await desk.tell(desk.voided(bill)) == []
    await desk.tell(bill)  # the older state again changes nothing
    assert (await desk.paid(bill.invoice_id), await desk.paid(other), await desk.credit(customer)) == (
        0,
        300,
        400,
    )
    await desk.balanced()


async def test_a_payment_waits_for_its_bill(desk: Desk) -> None:
    customer = await desk.customer("C-1")
    bill, id = desk.bill(customer, 700), new_id()
    assert await desk.tell(desk.pays(customer, 700, bill.invoice_id), ids=[id]) == []
    assert not await workers.settle_waiting(OFFICE)(desk.pool)
    await desk.tell(bill)
    assert await workers.settle_waiting(OFFICE)(desk.pool)
    assert [each.causation_id for each in await desk.heard()] == [id]
    assert await desk.paid(bill.invoice_id) == 700


async def test_a_payment_for_no_bill_at_all_is_refused_in_the_end(desk: Desk) -> None:
    customer, id = await desk.customer("C-1"), new_id()
    await desk.tell(desk.pays(customer, 700, new_id()), ids=[id])
    await desk.pool.execute(
        "UPDATE waiting_command SET since = $1", clock.now() - workers.LONGEST_WAIT - timedelta(seconds=1)
    )
    await workers.settle_waiting(OFFICE)(desk.pool)
    (end,) = await desk.heard()
    assert end.causation_id == id
    assert code_of(end.message) == "not-found"


async def test_ten_at_once_share_one_bill(desk: Desk) -> None:
    customer = await desk.customer("C-1")
    bill = await desk.billed(customer, 1_000)
    await asyncio.gather(*(desk.tell(desk.pays(customer, 300, bill)) for _ in range(10)))
    sums = await desk.balanced()
    recorded = await desk.all_of(PaymentRecorded)
    refused = await desk.all_of(CommandRefused)
    assert len(recorded) + len(refused) == 10
    assert sums["received"] == 300 * len(recorded)
    assert await desk.paid(bill) == 1_000
    assert sorted(each.account.version for each in recorded) == list(range(1, len(recorded) + 1))


async def test_a_bill_and_a_lump_sum_at_the_same_moment_find_each_other(desk: Desk) -> None:
    for number in range(20):
        customer = await desk.customer(f"C-{number}")
        bill = desk.bill(customer, 1_000)
        await asyncio.gather(desk.tell(bill), desk.tell(desk.pays(customer, 1_000)))
        assert await desk.paid(bill.invoice_id) == 1_000
    await desk.balanced()
