"""A customer's money never grows past what can be said, whatever is paid, voided, refunded or taken back."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.domain import Account, AmountTooLarge, Payment, Receivable, Refused
from services.payments.handlers.answers import moved
from shared import money
from shared.contracts.envelope import MONEY_MAX
from shared.contracts.payments import MoneyRepublished

CUSTOMER = UUID(int=1)
NOON = datetime(2026, 12, 5, 12, tzinfo=UTC)


def bill(number: int, total: int, period: str = "2026-12") -> Receivable:
    return Receivable(
        UUID(int=1_000 + number), CUSTOMER, UUID(int=2), f"ISP-{number:06}", "BDT", total, 0, period,
        date(2026, 12, 5), date(2026, 12, 15), voided=False,
    )  # fmt: skip


def payment(number: int, amount: int, invoice_id: UUID | None = None) -> Payment:
    return Payment(
        UUID(int=5_000 + number), CUSTOMER, invoice_id, amount, "BDT", "cash", NOON.date(),
        NOON + timedelta(seconds=number), "clerk", "desk",
    )  # fmt: skip


def test_domain_and_contracts_mean_the_same_limit() -> None:
    assert money.MONEY_MAX == MONEY_MAX


def test_a_payment_past_the_limit_is_refused_and_changes_nothing() -> None:
    mine = Account(CUSTOMER)
    mine.receive(payment(1, MONEY_MAX))
    with pytest.raises(AmountTooLarge):
        mine.receive(payment(2, 1))
    assert (mine.credit, mine.version, len(mine.payments)) == (MONEY_MAX, 1, 1)


def test_money_on_bills_counts_because_a_void_makes_it_credit() -> None:
    mine = Account(CUSTOMER, receivables={each.invoice_id: each for each in (bill(1, MONEY_MAX), bill(2, 9))})
    mine.receive(payment(1, MONEY_MAX))
    with pytest.raises(AmountTooLarge):
        mine.receive(payment(2, 9, UUID(int=1_002)))


def test_bills_due_on_one_day_are_settled_by_period_then_by_number() -> None:
    bills = [bill(9, 100, "2026-12"), bill(1_000_000, 100, "2026-10"), bill(999_999, 100, "2026-10")]
    mine = Account(CUSTOMER, receivables={each.invoice_id: each for each in bills})
    mine.receive(payment(1, 150))
    assert [each.paid for each in bills] == [0, 50, 100]


large = st.one_of(st.integers(1, 300), st.integers(MONEY_MAX // 3, MONEY_MAX))
steps = st.lists(
    st.tuples(st.sampled_from(["bill", "pay", "name", "void", "reverse", "refund"]), large), max_size=15
)


@given(steps)
def test_every_state_can_be_said(history: list[tuple[str, int]]) -> None:
    mine = Account(CUSTOMER)
    for number, (kind, amount) in enumerate(history):
        bills, payments = list(mine.receivables.values()), list(mine.payments.values())
        change = None
        with suppress(Refused):
            if kind == "bill":
                mine.receivables[UUID(int=1_000 + number)] = bill(number, amount)
                change = mine.settle()
            elif kind == "pay" or (kind == "name" and not bills):
                change = mine.receive(payment(number, amount))
            elif kind == "name":
                change = mine.receive(payment(number, amount, bills[amount % len(bills)].invoice_id))
            elif kind == "void" and bills:
                change = mine.release(bills[amount % len(bills)].invoice_id)
            elif kind == "reverse" and payments:
                taken = payments[amount % len(payments)].payment_id
                change = mine.reverse(taken, "mistake", NOON, "clerk")
            elif kind == "refund":
                change = mine.refund(amount)
        if change is not None:
            moved(MoneyRepublished, change)
        assert mine.settled == sum(each.allocated for each in mine.payments.values())
        assert mine.credit + mine.settled <= MONEY_MAX
