"""The rules of money, each in a sentence; the promises, for whatever order of events hypothesis thinks of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.payments.domain import (
    Account,
    AlreadyPaid,
    AlreadyReversed,
    BalanceChanged,
    BillVoid,
    MoreThanCredit,
    Moved,
    Payment,
    Receivable,
    check_payable,
)

CUSTOMER = UUID(int=1)
NOON = datetime(2026, 12, 5, 12, tzinfo=UTC)


def bill(number: int, total: int, due: date | None = None) -> Receivable:
    issued = date(2026, 1, 1) + timedelta(days=number)
    return Receivable(
        invoice_id=UUID(int=1_000 + number),
        customer_id=CUSTOMER,
        operator_id=UUID(int=2),
        number=f"ISP-{number:06}",
        currency="BDT",
        total=total,
        paid=0,
        period=f"{issued:%Y-%m}",
        issued_on=issued,
        due_on=due or issued + timedelta(days=10),
        voided=False,
    )


def account(*bills: Receivable) -> Account:
    return Account(CUSTOMER, receivables={each.invoice_id: each for each in bills})


def money(number: int, amount: int, *, on: Receivable | None = None) -> Payment:
    return Payment(
        payment_id=UUID(int=5_000 + number),
        customer_id=CUSTOMER,
        invoice_id=on.invoice_id if on else None,
        amount=amount,
        currency="BDT",
        method="cash",
        paid_on=NOON.date(),
        recorded_at=NOON + timedelta(seconds=number),
        recorded_by="clerk",
        source="desk",
    )


def test_a_payment_settles_the_bill_that_it_names_before_older_ones() -> None:
    old, named = bill(1, 100), bill(2, 100)
    mine = account(old, named)
    mine.receive(money(1, 130, on=named))
    assert (named.paid, old.paid, mine.credit) == (100, 30, 0)


def test_a_lump_sum_settles_the_oldest_due_first() -> None:
    late, early, latest = bill(1, 100, date(2026, 5, 1)), bill(2, 100, date(2026, 4, 1)), bill(3, 100)
    latest.due_on = date(2026, 6, 1)
    mine = account(late, early, latest)
    mine.receive(money(1, 150))
    assert (early.paid, late.paid, latest.paid) == (100, 50, 0)


def test_what_is_left_over_is_credit_and_settles_the_next_bill() -> None:
    mine = account(bill(1, 100))
    mine.receive(money(1, 130))
    assert mine.credit == 30
    new = bill(2, 50)
    mine.receivables[new.invoice_id] = new
    moved = mine.settle()
    assert moved is not None
    assert (new.paid, mine.credit) == (30, 0)
    assert moved.receivables == (new,)


def test_settling_with_nothing_to_settle_says_nothing() -> None:
    mine = account(bill(1, 100))
    assert mine.settle() is None
    assert mine.version == 0


def test_a_payment_on_a_paid_bill_becomes_credit() -> None:
    paid = bill(1, 100)
    mine = account(paid)
    mine.receive(money(1, 100, on=paid))
    mine.receive(money(2, 40, on=paid))
    assert (paid.paid, mine.credit) == (100, 40)


def test_a_reversal_takes_credit_before_bills() -> None:
    first, second = bill(1, 100), bill(2, 100)
    mine = account(first, second)
    mine.receive(money(1, 200))
    mine.receive(money(2, 50))  # all of it credit
    mine.reverse(UUID(int=5_001), "bounced", NOON, "clerk")
    assert mine.credit == 0
    assert (first.paid, second.paid) == (50, 0)
    assert mine.payments[UUID(int=5_001)].allocated == 0


def test_a_payment_is_reversed_once() -> None:
    mine = account(bill(1, 100))
    mine.receive(money(1, 100))
    mine.reverse(UUID(int=5_001), "bounced", NOON, "clerk")
    with pytest.raises(AlreadyReversed):
        mine.reverse(UUID(int=5_001), "bounced", NOON, "clerk")


def test_a_reversal_lists_what_the_payment_settled_with_nothing_on_it() -> None:
    first = bill(1, 100)
    mine = account(first)
    mine.receive(money(1, 100))
    moved = mine.reverse(UUID(int=5_001), "bounced", NOON, "clerk")
    assert moved.payments[0].allocations == {first.invoice_id: 0}
    assert moved.receivables == (first,)


def test_a_refund_takes_the_oldest_credit_and_no_more_than_there_is() -> None:
    mine = account()
    mine.receive(money(1, 30))
    mine.receive(money(2, 30))
    mine.refund(40)
    assert [each.credit for each in mine.payments.values()] == [0, 20]
    with pytest.raises(MoreThanCredit):
        mine.refund(21)


def test_what_was_refunded_of_a_reversed_payment_is_borne_by_other_credit() -> None:
    mine = account()
    mine.receive(money(1, 40))
    mine.refund(40)
    mine.receive(money(2, 50))
    mine.reverse(UUID(int=5_001), "bounced", NOON, "clerk")
    assert mine.credit == 10
    assert mine.payments[UUID(int=5_001)].refunded == 0


def test_what_was_refunded_of_a_reversed_payment_is_borne_by_what_settled_a_bill() -> None:
    owed, mine = bill(1, 100), account()
    first, second = money(1, 80), money(2, 100, on=owed)
    mine.receive(first)
    mine.refund(80)
    mine.receivables[owed.invoice_id] = owed
    mine.receive(second)
    mine.reverse(first.payment_id, "bounced", NOON, "clerk")
    assert (owed.paid, second.refunded, first.refunded) == (20, 80, 0)


def test_what_nobody_can_bear_stays_with_the_reversed_payment() -> None:
    mine, only = account(), money(1, 80)
    mine.receive(only)
    mine.refund(80)
    mine.reverse(only.payment_id, "bounced", NOON, "clerk")
    assert (only.refunded, mine.credit) == (80, 0)


def test_a_void_releases_money_to_credit_which_settles_the_next_bill() -> None:
    void, other = bill(1, 100), bill(2, 70)
    mine = account(void)
    mine.receive(money(1, 100, on=void))
    mine.receivables[other.invoice_id] = other
    moved = mine.release(void.invoice_id)
    assert moved is not None
    assert (void.paid, void.balance, other.paid, mine.credit) == (0, 0, 70, 30)


def test_a_void_without_money_says_nothing() -> None:
    void = bill(1, 100)
    mine = account(void)
    assert mine.release(void.invoice_id) is None
    assert void.voided


def test_what_names_a_bill_must_find_it_owed_as_expected() -> None:
    owed = bill(1, 100)
    check_payable(owed, None)
    check_payable(owed, 100)
    with pytest.raises(BalanceChanged):
        check_payable(owed, 90)
    owed.paid = 100
    with pytest.raises(AlreadyPaid):
        check_payable(owed, 100)
    owed.voided = True
    with pytest.raises(BillVoid):
        check_payable(owed, 100)


amounts = st.integers(1, 300)
steps = st.one_of(
    st.tuples(st.just("bill"), amounts, st.integers(0, 40)),
    st.tuples(st.just("pay"), amounts, st.one_of(st.none(), st.integers(0, 30))),
    st.tuples(st.just("reverse"), st.integers(0, 30)),
    st.tuples(st.just("refund"), amounts),
    st.tuples(st.sampled_from(["through", "failed"]), amounts, st.integers(0, 30)),
    st.tuples(st.just("void"), st.integers(0, 30)),
)


def take(mine: Account, number: int, step: tuple[str, *tuple[int | None, ...]]) -> Moved | None:
    """One step of a history; what cannot be done is refused and changes nothing."""
    kind, first, second = (*step, None)[:3]
    bills, payments = list(mine.receivables.values()), list(mine.payments.values())
    if kind == "bill":
        new = bill(number, first or 0)
        new.due_on += timedelta(days=second or 0)
        mine.receivables[new.invoice_id] = new
        return mine.settle()
    if kind == "pay":
        named = bills[second % len(bills)] if second is not None and bills else None
        return mine.receive(money(number, first or 0, on=named))
    if kind == "reverse" and payments and not (target := payments[(first or 0) % len(payments)]).reversed:
        return mine.reverse(target.payment_id, "mistake", NOON, "clerk")
    if kind == "refund" and (first or 0) <= mine.credit:
        return mine.refund(first or 0)
    if kind in ("through", "failed") and payments:
        return send_back(mine, payments[(second or 0) % len(payments)], first or 0, is_sent=kind == "through")
    if kind == "void" and bills:
        return mine.release(bills[(first or 0) % len(bills)].invoice_id)
    return None


def send_back(mine: Account, payment: Payment, amount: int, *, is_sent: bool) -> Moved | None:
    """Pay a payment's money back through its gateway, or find that it was not."""
    most = payment.amount - payment.refunded if is_sent else payment.refunded
    if payment.reversed or not most:
        return None
    if is_sent:
        return mine.refund_payment(payment.payment_id, min(amount, most))
    return mine.take_back_refund(payment.payment_id, min(amount, most))


def check_promises(mine: Account) -> None:
    payments = list(mine.payments.values())
    assert mine.credit == sum(each.credit for each in payments) >= 0
    for each in payments:
        assert min(each.credit, each.allocated, each.refunded, *each.allocations.values(), 0) == 0
        if each.reversed:
            assert (each.allocated, each.credit) == (0, 0)
        else:
            assert each.allocated + each.credit + each.refunded == each.amount
    for receivable in mine.receivables.values():
        on_it = sum(each.allocations.get(receivable.invoice_id, 0) for each in payments)
        assert 0 <= receivable.paid == on_it <= receivable.total
        assert not (receivable.voided and receivable.paid)
    owed = any(each.balance for each in mine.receivables.values())
    assert not (owed and mine.credit), "credit is left while a bill is owed"


@settings(max_examples=600)
@given(st.lists(steps, max_size=30))
def test_money_is_never_lost_made_or_negative(history: list[tuple[str, *tuple[int | None, ...]]]) -> None:
    mine, refunded = account(), 0
    for number, step in enumerate(history):
        before = sum(each.refunded for each in mine.payments.values())
        held = mine.credit + mine.settled
        take(mine, number, step)
        after = sum(each.refunded for each in mine.payments.values())
        if step[0] in ("refund", "through", "failed"):
            refunded += held - mine.credit - mine.settled if step[0] != "failed" else after - before
        check_promises(mine)
        assert after == refunded


@given(st.lists(steps, max_size=20))
def test_every_change_is_said_and_has_a_version_of_its_own(
    history: list[tuple[str, *tuple[int | None, ...]]],
) -> None:
    mine = account()
    seen: dict[UUID, tuple[int, object]] = {}
    for number, step in enumerate(history):
        moved = take(mine, number, step)
        said = {each.payment_id for each in moved.payments} if moved else set()
        said |= {each.invoice_id for each in moved.receivables} if moved else set()
        for each in mine.payments.values():
            now = (each.credit, each.allocated, each.refunded, each.reversed, tuple(each.allocations.items()))
            version, state = seen.get(each.payment_id, (0, None))
            assert now == state or each.payment_id in said
            assert each.version == version + (each.payment_id in said)
            assert each.payment_id in mine.dirty_payments
            seen[each.payment_id] = (each.version, now)
        for bill_ in mine.receivables.values():
            version, paid = seen.get(bill_.invoice_id, (0, 0))
            assert bill_.paid == paid or (bill_.invoice_id in said and bill_.version > version)
            assert (bill_.invoice_id in mine.dirty_receivables) == (bill_.version > 0)
            seen[bill_.invoice_id] = (bill_.version, bill_.paid)


@given(st.lists(amounts, max_size=6), st.lists(amounts, max_size=6), st.randoms())
def test_bills_and_lump_sums_end_alike_in_whatever_order_they_come(
    bills: list[int], sums: list[int], chance: object
) -> None:
    """What is settled in total, and the credit, do not depend on who came first."""
    history: list[tuple[str, int, int]] = [("bill", number, total) for number, total in enumerate(bills)]
    history += [("pay", 100 + number, amount) for number, amount in enumerate(sums)]
    chance.shuffle(history)  # type: ignore[attr-defined]
    mine = account()
    for kind, number, amount in history:
        take(mine, number, (kind, amount, None))
    assert mine.credit == max(sum(sums) - sum(bills), 0)
    assert sum(each.paid for each in mine.receivables.values()) == min(sum(sums), sum(bills))


@given(
    st.lists(st.tuples(st.integers(1, 300), st.integers(0, 60), st.integers(1, 6)), min_size=1, max_size=8),
    st.lists(st.integers(1, 400), min_size=1, max_size=4),
)
def test_no_month_is_paid_while_an_older_one_is_open_however_late_that_was_run(
    owed: list[tuple[int, int, int]], amounts: list[int]
) -> None:
    bills = [
        replace(bill(number, total, date(2026, 12, 1) + timedelta(days=due)), period=f"2026-{month:02}")
        for number, (total, due, month) in enumerate(owed)
    ]
    mine = account(*bills)
    for number, amount in enumerate(amounts):
        mine.receive(money(number, amount))
    for younger in bills:
        open_before = [each for each in bills if each.period < younger.period and each.balance]
        assert not (younger.paid and open_before)
    assert sum(each.paid for each in bills) + mine.credit == sum(amounts)
