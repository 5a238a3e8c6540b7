"""Money at the desk: counted once, settled in order, taken back and paid back without loss."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from uuid import UUID

from services.payments import workers
from shared import clock
from shared.contracts.envelope import CommandRefused, Message
from shared.contracts.payments import (
    CreditRefunded,
    MoneyMoved,
    PaymentAllocated,
    PaymentRecorded,
    PaymentReversed,
)
from shared.ids import new_id
from tests.integration.payments.harness import OFFICE, PaymentsHarness, customer, record, voided


def code_of(end: Message) -> str:
    assert isinstance(end, CommandRefused), end
    return end.code


async def ends(harness: PaymentsHarness, command_id: UUID) -> int:
    return sum(each.causation_id == command_id for each in await harness.said())


async def test_a_payment_settles_its_bill_and_the_rest_becomes_credit(harness: PaymentsHarness) -> None:
    customer = await harness.customer("C-1")
    bill = await harness.billed(customer, 1_000)
    end = await harness.ask(harness.pays(customer, 1_200, bill))
    assert isinstance(end, PaymentRecorded)
    assert (end.payments[0].allocated_minor, end.payments[0].credit_minor) == (1_000, 200)
    assert (end.receivables[0].status, end.receivables[0].version) == ("paid", 1)
    assert (end.account.credit_minor, await harness.credit(customer), await harness.paid(bill)) == (
        200,
        200,
        1_000,
    )
    await harness.balanced()


async def test_a_payment_is_recorded_and_says_everything_that_it_touched(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    command, id = harness.settles(bill, 60, note="thanks"), new_id()
    await harness.bring(record(command, id))
    (said,) = await harness.said_of(PaymentRecorded)
    assert said.payments[0].payment_id == command.payment_id
    assert (said.payments[0].recorded_by, said.payments[0].recorded_by_name) == ("clerk@desk.test", "Clerk")
    assert said.payments[0].source == "desk"
    assert (said.payments[0].allocated_minor, said.payments[0].credit_minor) == (60, 0)
    (receivable,) = said.receivables
    assert (receivable.paid_minor, receivable.balance_minor, receivable.status) == (60, 40, "partial")
    assert await ends(harness, id) == 1


async def test_an_invoice_that_no_money_touched_is_not_spoken_of(harness: PaymentsHarness) -> None:
    await harness.issue(100)
    assert await harness.said() == []


async def test_a_redelivered_payment_is_counted_once(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    command = record(harness.settles(bill, 60))
    await harness.bring(command, command)
    await harness.bring(command)
    assert await harness.paid_of(bill) == [60]


async def test_a_payment_sent_again_has_the_same_answer_and_is_counted_once(harness: PaymentsHarness) -> None:
    bill, id, another = await harness.issue(100), new_id(), new_id()
    command = harness.settles(bill, 60)
    await harness.ask(command, id)
    again = await harness.tell(command, ids=[id])
    assert [each.causation_id for each in again] == [id]  # the answer, once more, and nothing else
    await harness.bring(record(command, another))  # the same payment under another message
    assert await ends(harness, another) == 1
    first, second, third = await harness.said_of(PaymentRecorded)
    assert first.payments == second.payments == third.payments
    assert await harness.paid_of(bill) == [60]
    taken = harness.settles(bill, 50, payment_id=command.payment_id)
    assert code_of(await harness.ask(taken)) == "id-taken"


async def test_a_batch_ends_as_one_by_one_would(harness: PaymentsHarness) -> None:
    outlines = []
    for together in (True, False):
        payer = await harness.customer(f"C-{together}")
        bills = [
            await harness.issue(1_000, customer_id=payer, due_on=date(2026, 12, day)) for day in (20, 10)
        ]
        one = harness.settles(bills[0], 700)
        commands = [
            one,
            one,
            harness.settles(bills[0], 700),
            harness.settles(bills[1], 1_000, expected_balance_minor=1_000),
            harness.settles(bills[0], 900),
            harness.reverses(one),
        ]
        before = await harness.last()
        for batch in [commands] if together else [[each] for each in commands]:
            await harness.hear(*batch)
        outlines.append([_outline(heard.message) for heard in await harness.said(after=before)])
        assert sum(await harness.paid_of(*bills)) == 700
        assert await harness.credit(payer) == 0
    assert outlines[0] == outlines[1]
    assert await harness.refusals() == 2 * ["balance-changed", "already-paid"]
    await harness.balanced()


def _outline(message: Message) -> object:
    if isinstance(message, MoneyMoved):
        bills = [(each.paid_minor, each.version) for each in message.receivables]
        payments = [(each.allocated_minor, each.credit_minor, each.version) for each in message.payments]
        return message.type, payments, bills, message.account.credit_minor, message.account.version
    return code_of(message)


async def test_two_payments_of_one_batch_pay_one_bill_once(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    await harness.hear(harness.settles(bill), harness.settles(bill))
    assert await harness.paid_of(bill) == [100]
    assert await harness.refusals() == ["already-paid"]


async def test_a_void_bill_takes_no_payment(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    await harness.hear(voided(bill), harness.settles(bill))
    assert await harness.refusals() == ["bill-void"]


async def test_a_payment_of_the_balance_seen_needs_that_balance(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    await harness.hear(harness.settles(bill, 30), harness.settles(bill, 100, expected_balance_minor=100))
    assert await harness.refusals() == ["balance-changed"]
    await harness.hear(harness.settles(bill, 70, expected_balance_minor=70))
    assert await harness.paid_of(bill) == [100]


async def test_another_currency_is_refused(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    await harness.hear(harness.settles(bill, currency="USD"))
    assert await harness.refusals() == ["currency-mismatch"]


async def test_nothing_outside_the_scope_can_be_paid(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    await harness.hear(harness.settles(bill, scope=harness.south))
    assert await harness.refusals() == ["not-found"]
    await harness.hear(
        harness.settles(bill, 40, scope=harness.north), harness.settles(bill, 60, scope=harness.root)
    )
    assert await harness.paid_of(bill) == [100]


async def test_a_bill_of_another_customer_is_not_found(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    await harness.hear(harness.settles(bill, customer_id=new_id()))
    assert await harness.refusals() == ["not-found"]


async def test_an_unreadable_command_is_refused_beside_its_dead_letter(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    good, id = record(harness.settles(bill)), new_id()
    bad = record(harness.settles(bill), id)
    bad.value = b'{"amount_minor": -1}'
    await harness.bring(bad, good)
    assert await harness.paid_of(bill) == [100]
    assert await harness.dead_letters() == 1
    assert await harness.refusals() == ["internal"]
    assert await ends(harness, id) == 1


async def test_what_exceeds_the_balance_settles_the_oldest_due_and_then_is_credit(
    harness: PaymentsHarness,
) -> None:
    old = await harness.issue(100, due_on=harness.invoice().due_on.replace(day=2))
    bill = await harness.issue(100, customer_id=old.customer_id)
    await harness.hear(harness.settles(bill, 250))
    assert await harness.paid_of(bill, old) == [100, 100]
    assert await harness.credit(bill.customer_id) == 50


async def test_a_lump_sum_settles_the_oldest_due_first(harness: PaymentsHarness) -> None:
    id = new_id()
    await harness.hear(customer(id, "C1", harness.north))
    late = await harness.issue(100, customer_id=id)
    early = await harness.issue(100, customer_id=id, due_on=late.due_on.replace(day=1))
    await harness.hear(harness.settles(late, 130, invoice_id=None))
    assert await harness.paid_of(early, late) == [100, 30]


async def test_a_reversal_takes_back_what_the_payment_settled_and_ends_once(harness: PaymentsHarness) -> None:
    bill = await harness.issue(1_000)
    first, second = harness.settles(bill, 1_000), harness.settles(bill, 300, invoice_id=None)
    await harness.hear(customer(bill.customer_id, "C1", harness.north), first, second)
    back, id = harness.reverses(first), new_id()
    await harness.bring(*[record(back, id)] * 2)
    (end,) = await harness.said_of(PaymentReversed)
    assert end.payments[0].payment_id == first.payment_id
    assert (end.payments[0].reversed, end.payments[0].reversal_reason) == (True, "bounced")
    assert [each.amount_minor for each in end.payments[0].allocations] == [0]
    again = await harness.tell(back, ids=[id])
    assert [each.message for each in again] == [end], "a command that comes again is answered again"
    assert code_of(await harness.ask(back)) == "already-reversed"
    assert (await harness.paid_of(bill), await harness.credit(bill.customer_id)) == ([300], 0)
    assert (await harness.balanced())["received"] == 300


async def test_a_bill_whose_payment_is_taken_back_is_unpaid(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    payment = harness.settles(bill, 130)
    await harness.hear(payment, harness.reverses(payment))
    (end,) = await harness.said_of(PaymentReversed)
    assert end.receivables[0].status == "unpaid"
    assert (await harness.paid_of(bill), await harness.credit(bill.customer_id)) == ([0], 0)


async def test_a_reversal_needs_a_payment_within_the_scope(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    payment = harness.settles(bill)
    await harness.hear(
        payment, harness.reverses(harness.settles(bill)), harness.reverses(payment, scope=harness.south)
    )
    assert await harness.refusals() == ["not-found", "not-found"]
    assert await harness.paid_of(bill) == [100]


async def test_only_credit_is_refunded_and_each_refund_once(harness: PaymentsHarness) -> None:
    payer = await harness.customer("C-1")
    await harness.ask(harness.pays(payer, 500))
    refund = harness.refunds(payer, 200)
    assert isinstance(await harness.ask(refund), CreditRefunded)
    assert isinstance(await harness.ask(refund), CreditRefunded)
    await harness.hear(refund, refund)
    assert {each.amount_minor for each in await harness.said_of(CreditRefunded)} == {200}
    assert await harness.credit(payer) == 300
    assert code_of(await harness.ask(harness.refunds(payer, 301))) == "more-than-credit"
    assert code_of(await harness.ask(harness.refunds(new_id(), 301))) == "not-found"
    await harness.balanced()


async def test_credit_settles_the_next_bill_by_itself(harness: PaymentsHarness) -> None:
    bill = await harness.issue(100)
    await harness.hear(harness.settles(bill, 150))
    following = harness.invoice(80, customer_id=bill.customer_id)
    await harness.hear(following)
    await harness.work()
    await harness.hear(following)
    (said,) = await harness.said_of(PaymentAllocated)
    assert said.receivables[0].invoice_id == following.invoice_id
    assert said.payments[0].allocated_minor == 150
    assert (await harness.paid_of(following), await harness.credit(bill.customer_id)) == ([50], 0)


async def test_money_on_a_voided_bill_is_released_once_and_settles_what_is_open(
    harness: PaymentsHarness,
) -> None:
    bill = await harness.issue(700)
    other = await harness.issue(300, customer_id=bill.customer_id)
    await harness.hear(harness.settles(bill, 700))
    await harness.bring(*[record(voided(bill))] * 2)
    (said,) = await harness.said_of(PaymentAllocated)
    states = {each.invoice_id: (each.status, each.balance_minor) for each in said.receivables}
    assert states == {bill.invoice_id: ("void", 0), other.invoice_id: ("paid", 0)}
    await harness.hear(bill)  # an older state, said again
    assert (await harness.paid_of(bill, other), await harness.credit(bill.customer_id)) == ([0, 300], 400)
    following = await harness.issue(80, customer_id=bill.customer_id)
    await harness.work()
    assert (await harness.paid_of(following), await harness.credit(bill.customer_id)) == ([80], 320)
    await harness.balanced()


async def test_a_payment_waits_for_its_bill(harness: PaymentsHarness) -> None:
    customer = await harness.customer("C-1")
    bill, id = harness.bill(customer, 700), new_id()
    assert await harness.tell(harness.pays(customer, 700, bill.invoice_id), ids=[id]) == []
    assert not await workers.settle_waiting(OFFICE)(harness.pool)
    await harness.tell(bill)
    assert await workers.settle_waiting(OFFICE)(harness.pool)
    assert [each.causation_id for each in await harness.said()] == [id]
    assert await harness.paid(bill.invoice_id) == 700


async def test_a_payment_for_no_bill_at_all_is_refused_in_the_end(harness: PaymentsHarness) -> None:
    customer, id = await harness.customer("C-1"), new_id()
    await harness.tell(harness.pays(customer, 700, new_id()), ids=[id])
    await harness.pool.execute(
        "UPDATE waiting_command SET since = $1", clock.now() - workers.LONGEST_WAIT - timedelta(seconds=1)
    )
    await workers.settle_waiting(OFFICE)(harness.pool)
    (end,) = await harness.said()
    assert end.causation_id == id
    assert code_of(end.message) == "not-found"


async def test_ten_at_once_share_one_bill(harness: PaymentsHarness) -> None:
    customer = await harness.customer("C-1")
    bill = await harness.billed(customer, 1_000)
    await asyncio.gather(*(harness.tell(harness.pays(customer, 300, bill)) for _ in range(10)))
    sums = await harness.balanced()
    recorded = await harness.said_of(PaymentRecorded)
    refused = await harness.said_of(CommandRefused)
    assert len(recorded) + len(refused) == 10
    assert sums["received"] == 300 * len(recorded)
    assert await harness.paid(bill) == 1_000
    assert sorted(each.account.version for each in recorded) == list(range(1, len(recorded) + 1))


async def test_a_bill_and_a_lump_sum_at_the_same_moment_find_each_other(harness: PaymentsHarness) -> None:
    for number in range(20):
        customer = await harness.customer(f"C-{number}")
        bill = harness.bill(customer, 1_000)
        await asyncio.gather(harness.tell(bill), harness.tell(harness.pays(customer, 1_000)))
        assert await harness.paid(bill.invoice_id) == 1_000
    await harness.balanced()
