"""Money is neither made nor lost, whatever happens to an account in whatever order."""

from __future__ import annotations

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
    Payment,
    Receivable,
    check_payable,
)

CUSTOMER = UUID(int=1)
START = datetime(2026, 12, 1, tzinfo=UTC)


def bill(number: int, total: int, due: int = 0) -> Receivable:
    due_on = date(2026, 12, 1) + timedelta(days=due)
    return Receivable(
        UUID(int=1_000 + number), CUSTOMER, UUID(int=2), f"ISP-{number:06}", "BDT", total, 0, "2026-12",
        date(2026, 12, 1), due_on, False,
    )  # fmt: skip


def payment(number: int, amount: int, invoice: Receivable | None = None) -> Payment:
    return Payment(
        payment_id=UUID(int=2_000 + number),
        customer_id=CUSTOMER,
        invoice_id=invoice.invoice_id if invoice else None,
        amount=amount,
        currency="BDT",
        method="cash",
        paid_on=date(2026, 12, 1),
        recorded_at=START + timedelta(seconds=number),
        recorded_by="Clerk",
        source="desk",
    )


def account(*bills: Receivable) -> Account:
    return Account(CUSTOMER, receivables={each.invoice_id: each for each in bills})


def take_back(money: Account, taken: Payment) -> None:
    money.reverse(taken.payment_id, "mistake", START, "Clerk")


def send_back(money: Account, one: Payment, amount: int, *, is_sent: bool) -> int:
    """Pay a payment's money back, or find that it was not; what is refunded more by it."""
    amount = min(amount, money.credit, one.amount - one.refunded) if is_sent else min(amount, one.refunded)
    if one.reversed or not amount:
        return 0
    if is_sent:
        money.refund_payment(one.payment_id, amount)
        return amount
    money.take_back_refund(one.payment_id, amount)
    return -amount


def check(money: Account, refunds: int) -> None:
    payments = money.payments.values()
    counted = [each for each in payments if not each.reversed]
    for each in counted:
        assert each.allocated + each.credit + each.refunded == each.amount
    for each in payments:
        assert min(each.credit, each.refunded, *each.allocations.values(), 0) == 0
        assert not each.reversed or each.allocated == each.credit == 0
    assert money.credit == sum(each.credit for each in payments)
    assert refunds == sum(each.refunded for each in payments)
    for each in money.receivables.values():
        assert each.paid == sum(one.allocations.get(each.invoice_id, 0) for one in payments)
        assert 0 <= each.paid <= each.total
        assert not each.voided or each.paid == 0
        assert not money.credit or each.balance == 0


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["bill", "named", "lump", "reverse", "refund", "through", "failed", "void"]),
        st.integers(0, 7),
        st.integers(1, 300),
    ),
    max_size=30,
)


@settings(max_examples=600, deadline=None)
@given(STEPS)
def test_money_is_conserved(steps: list[tuple[str, int, int]]) -> None:
    money, refunds = account(), 0
    for number, (kind, pick, amount) in enumerate(steps):
        bills, payments = list(money.receivables.values()), list(money.payments.values())
        if kind == "bill":
            new = bill(number, amount, due=pick)
            money.receivables[new.invoice_id] = new
            money.settle()
        elif kind == "lump":
            money.receive(payment(number, amount))
        elif kind == "named" and bills:
            money.receive(payment(number, amount, bills[pick % len(bills)]))
        elif kind == "void" and bills and not bills[pick % len(bills)].voided:
            money.release(bills[pick % len(bills)].invoice_id)
        elif kind == "reverse" and payments and not payments[pick % len(payments)].reversed:
            take_back(money, payments[pick % len(payments)])
        elif kind == "refund" and amount <= money.credit:
            money.refund(amount)
            refunds += amount
        elif kind in ("through", "failed") and payments:
            refunds += send_back(money, payments[pick % len(payments)], amount, is_sent=kind == "through")
        check(money, refunds)


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_every_change_says_all_it_touched_under_new_versions(steps: list[tuple[str, int, int]]) -> None:
    money = account()
    seen: dict[UUID, tuple[int, object]] = {}
    for number, (kind, pick, amount) in enumerate(steps):
        if kind == "bill":
            new = bill(number, amount, due=pick)
            money.receivables[new.invoice_id] = new
            change = money.settle()
        elif kind == "reverse" and any(not each.reversed for each in money.payments.values()):
            first = next(each for each in money.payments.values() if not each.reversed)
            change = money.reverse(first.payment_id, "mistake", START, "Clerk")
        else:
            change = money.receive(payment(number, amount))
        said = {each.payment_id for each in change.payments} if change else set()
        said |= {each.invoice_id for each in change.receivables} if change else set()
        for one in money.payments.values():
            state = (one.credit, one.refunded, one.reversed, dict(one.allocations))
            before = seen.get(one.payment_id)
            assert before is None or before[1] == state or one.payment_id in said
            assert before is None or one.version == before[0] + (one.payment_id in said)
            seen[one.payment_id] = (one.version, state)
        for each in money.receivables.values():
            before = seen.get(each.invoice_id)
            assert before is None or before[1] == each.paid or each.invoice_id in said
            seen[each.invoice_id] = (each.version, each.paid)


def test_the_named_bill_is_settled_first_then_the_oldest_due() -> None:
    old, new = bill(1, 100, due=1), bill(2, 100, due=2)
    money = account(old, new)
    money.receive(payment(1, 150, new))
    assert (old.paid, new.paid, money.credit) == (50, 100, 0)


def test_a_reversal_uses_credit_before_it_opens_a_bill() -> None:
    owed = bill(1, 100)
    money = account(owed)
    first, second = payment(1, 100, owed), payment(2, 30)
    money.receive(first)
    money.receive(second)
    take_back(money, first)
    assert (owed.paid, money.credit, second.allocated, first.allocated) == (30, 0, 30, 0)


def test_a_reversed_payment_that_was_refunded_is_borne_by_the_others() -> None:
    owed = bill(1, 100)
    money = account()
    first = payment(1, 80)
    money.receive(first)
    money.refund(80)
    money.receivables[owed.invoice_id] = owed
    second = payment(2, 100, owed)
    money.receive(second)
    take_back(money, first)
    assert (owed.paid, second.refunded, first.refunded) == (20, 80, 0)


def test_what_nobody_can_bear_stays_with_the_reversed_payment() -> None:
    money = account()
    only = payment(1, 80)
    money.receive(only)
    money.refund(80)
    take_back(money, only)
    assert (only.refunded, money.credit) == (80, 0)


def test_a_void_bill_gives_its_money_to_the_next() -> None:
    gone, next_one = bill(1, 100, due=1), bill(2, 60, due=2)
    money = account(gone, next_one)
    money.receive(payment(1, 100, gone))
    money.release(gone.invoice_id)
    assert (gone.paid, next_one.paid, money.credit) == (0, 60, 40)


def test_more_than_the_credit_is_not_refunded() -> None:
    money = account()
    money.receive(payment(1, 80))
    with pytest.raises(MoreThanCredit):
        money.refund(81)


def test_a_payment_is_reversed_once() -> None:
    money = account()
    money.receive(payment(1, 80))
    take_back(money, money.payments[UUID(int=2_001)])
    with pytest.raises(AlreadyReversed):
        take_back(money, money.payments[UUID(int=2_001)])


def test_a_bill_takes_money_while_it_is_owed() -> None:
    owed = bill(1, 100)
    check_payable(owed, 100)
    with pytest.raises(BalanceChanged):
        check_payable(owed, 99)
    owed.paid = 100
    with pytest.raises(AlreadyPaid):
        check_payable(owed, None)
    owed.paid, owed.voided = 0, True
    with pytest.raises(BillVoid):
        check_payable(owed, None)
