"""Money at the desk: recorded once, taken back, paid back; each command has one end."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.contracts.envelope import CommandRefused
from shared.contracts.payments import (
    CreditRefunded,
    PaymentAllocated,
    PaymentRecorded,
    PaymentReversed,
)
from shared.ids import new_id
from tests.integration.payments.records.till import Till, customer, record, voided


async def ends(till: Till, command_id: UUID) -> int:
    return sum(each.causation_id == command_id for each in await till.said())


async def test_a_payment_is_recorded_and_says_everything_that_it_touched(till: Till) -> None:
    bill = await till.issue(100)
    command, id = till.pays(bill, 60, note="thanks"), new_id()
    await till.bring(record(command, id))
    (said,) = await till.said_of(PaymentRecorded)
    assert said.payments[0].payment_id == command.payment_id
    assert (said.payments[0].recorded_by, said.payments[0].recorded_by_name) == ("clerk@desk.test", "Clerk")
    assert said.payments[0].source == "desk"
    assert (said.payments[0].allocated_minor, said.payments[0].credit_minor) == (60, 0)
    (receivable,) = said.receivables
    assert (receivable.paid_minor, receivable.balance_minor, receivable.status) == (60, 40, "partial")
    assert await ends(till, id) == 1


async def test_an_invoice_that_no_money_touched_is_not_spoken_of(till: Till) -> None:
    await till.issue(100)
    assert await till.said() == []


async def test_a_redelivered_payment_is_counted_once(till: Till) -> None:
    bill = await till.issue(100)
    command = record(till.pays(bill, 60))
    await till.bring(command, command)
    await till.bring(command)
    assert await till.paid(bill) == [60]


async def test_a_payment_sent_again_under_another_message_id_has_the_same_answer(till: Till) -> None:
    bill = await till.issue(100)
    command, again = till.pays(bill, 100), new_id()
    await till.hear(command)
    await till.bring(record(command, again))
    assert await till.paid(bill) == [100]
    assert await till.refusals() == []
    first, second = await till.said_of(PaymentRecorded)
    assert first.payments == second.payments
    assert await ends(till, again) == 1


async def test_what_exceeds_the_balance_settles_the_oldest_due_and_then_is_credit(till: Till) -> None:
    old = await till.issue(100, due_on=till.bill().due_on.replace(day=2))
    bill = await till.issue(100, customer_id=old.customer_id)
    await till.hear(till.pays(bill, 250))
    assert await till.paid(bill, old) == [100, 100]
    assert await till.credit(bill.customer_id) == 50


async def test_two_payments_of_one_batch_pay_one_bill_once(till: Till) -> None:
    bill = await till.issue(100)
    await till.hear(till.pays(bill), till.pays(bill))
    assert await till.paid(bill) == [100]
    assert await till.refusals() == ["already-paid"]


async def test_a_void_bill_takes_no_payment(till: Till) -> None:
    bill = await till.issue(100)
    await till.hear(voided(bill), till.pays(bill))
    assert await till.refusals() == ["bill-void"]


async def test_a_payment_of_the_balance_seen_needs_that_balance(till: Till) -> None:
    bill = await till.issue(100)
    await till.hear(till.pays(bill, 30), till.pays(bill, 100, expected_balance_minor=100))
    assert await till.refusals() == ["balance-changed"]
    await till.hear(till.pays(bill, 70, expected_balance_minor=70))
    assert await till.paid(bill) == [100]


async def test_another_currency_is_refused(till: Till) -> None:
    bill = await till.issue(100)
    await till.hear(till.pays(bill, currency="USD"))
    assert await till.refusals() == ["currency-mismatch"]


async def test_nothing_outside_the_scope_can_be_paid(till: Till) -> None:
    bill = await till.issue(100)
    await till.hear(till.pays(bill, scope=till.south))
    assert await till.refusals() == ["not-found"]
    await till.hear(till.pays(bill, 40, scope=till.north), till.pays(bill, 60, scope=till.root))
    assert await till.paid(bill) == [100]


async def test_a_bill_of_another_customer_is_not_found(till: Till) -> None:
    bill = await till.issue(100)
    await till.hear(till.pays(bill, customer_id=new_id()))
    assert await till.refusals() == ["not-found"]


async def test_a_lump_sum_settles_the_oldest_due_first(till: Till) -> None:
    id = new_id()
    await till.hear(customer(id, "C1", till.north))
    late = await till.issue(100, customer_id=id)
    early = await till.issue(100, customer_id=id, due_on=late.due_on.replace(day=1))
    await till.hear(till.pays(late, 130, invoice_id=None))
    assert await till.paid(early, late) == [100, 30]


async def test_a_reversal_takes_back_what_the_payment_settled(till: Till) -> None:
    bill = await till.issue(100)
    payment = till.pays(bill, 130)
    await till.hear(payment)
    reversal = record(till.reverses(payment))
    await till.bring(reversal, reversal)
    assert await till.paid(bill) == [0]
    assert await till.credit(bill.customer_id) == 0
    (said,) = await till.said_of(PaymentReversed)
    assert said.payments[0].reversed
    assert said.payments[0].reversal_reason == "bounced"
    assert [each.amount_minor for each in said.payments[0].allocations] == [0]
    assert said.receivables[0].status == "unpaid"
    await till.hear(till.reverses(payment))
    assert await till.refusals() == ["already-reversed"]


async def test_a_reversal_needs_a_payment_within_the_scope(till: Till) -> None:
    bill = await till.issue(100)
    payment = till.pays(bill)
    await till.hear(payment, till.reverses(till.pays(bill)), till.reverses(payment, scope=till.south))
    assert await till.refusals() == ["not-found", "not-found"]
    assert await till.paid(bill) == [100]


async def test_only_credit_is_refunded_and_each_refund_once(till: Till) -> None:
    bill = await till.issue(100)
    await till.hear(customer(bill.customer_id, "C1", till.north), till.pays(bill, 150))
    await till.hear(till.refunds(bill.customer_id, 51))
    assert await till.refusals() == ["more-than-credit"]
    refund = till.refunds(bill.customer_id, 30)
    await till.hear(refund, refund)
    await till.hear(refund)
    assert await till.credit(bill.customer_id) == 20
    assert {each.amount_minor for each in await till.said_of(CreditRefunded)} == {30}


async def test_credit_settles_the_next_invoice_by_itself(till: Till) -> None:
    bill = await till.issue(100)
    await till.hear(till.pays(bill, 150))
    following = await till.issue(80, customer_id=bill.customer_id)
    await till.work()
    assert await till.paid(following) == [50]
    (said,) = await till.said_of(PaymentAllocated)
    assert said.receivables[0].invoice_id == following.invoice_id
    assert said.payments[0].allocated_minor == 150


async def test_money_on_a_voided_invoice_becomes_credit_and_settles_the_next(till: Till) -> None:
    bill = await till.issue(100)
    await till.hear(till.pays(bill, 100))
    await till.bring(*[record(voided(bill))] * 2)
    assert await till.credit(bill.customer_id) == 100
    (said,) = await till.said_of(PaymentAllocated)
    assert (said.receivables[0].status, said.receivables[0].balance_minor) == ("void", 0)
    following = await till.issue(80, customer_id=bill.customer_id)
    await till.work()
    assert await till.paid(bill, following) == [0, 80]
    await till.hear(bill)  # an older state, said again
    assert await till.credit(bill.customer_id) == 20


async def test_a_payment_that_comes_before_its_invoice_waits_for_it(till: Till) -> None:
    bill = till.bill(100)
    id = new_id()
    await till.bring(record(till.pays(bill), id))
    await till.work()
    assert await till.said() == []
    await till.hear(bill)
    await till.work()
    assert await till.paid(bill) == [100]
    assert await ends(till, id) == 1


async def test_an_unreadable_command_is_refused_beside_its_dead_letter(till: Till) -> None:
    bill = await till.issue(100)
    good, id = record(till.pays(bill)), new_id()
    bad = record(till.pays(bill), id)
    bad.value = b'{"amount_minor": -1}'
    await till.bring(bad, good)
    assert await till.paid(bill) == [100]
    assert await till.dead_letters() == 1
    assert await till.refusals() == ["internal"]
    assert await ends(till, id) == 1


@pytest.mark.parametrize("together", [True, False])
async def test_a_batch_ends_as_its_commands_would_one_by_one(till: Till, together: bool) -> None:
    first = await till.issue(100)
    second = await till.issue(100, customer_id=first.customer_id)
    commands = [
        till.pays(first, 120),
        till.pays(second, 100, expected_balance_minor=100),
        till.pays(second, 100),
        till.pays(first),
    ]
    commands += [till.reverses(commands[0])]  # type: ignore[list-item]
    if together:
        await till.hear(*commands)
    else:
        for command in commands:
            await till.hear(command)
    assert await till.refusals() == ["balance-changed", "already-paid"]
    assert sum(await till.paid(first, second)) == 100
    assert await till.credit(first.customer_id) == 0
    assert len(await till.said_of(CommandRefused)) == 2
