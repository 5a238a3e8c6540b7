"""What the desk says of a lump sum is what payments does with it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gateway.domain import age, split
from services.payments.domain import Account, Payment, Receivable

CUSTOMER = UUID(int=1)
FIRST = date(2026, 1, 10)
bills = st.lists(st.tuples(st.integers(1, 500), st.integers(0, 3), st.integers(1, 3)), max_size=6)


def _receivable(place: int, total: int, weeks: int, month: int) -> Receivable:
    return Receivable(
        invoice_id=UUID(int=100 + place),
        customer_id=CUSTOMER,
        operator_id=UUID(int=2),
        number=f"KZP-{10 ** (place % 7) + place:06d}",
        currency="BDT",
        total=total,
        paid=0,
        period=f"2026-{month:02d}",
        issued_on=FIRST,
        due_on=FIRST + timedelta(weeks=weeks),
        voided=False,
    )


@given(bills, st.integers(1, 3_000))
def test_the_split_that_is_shown_is_the_one_that_is_made(
    owed: list[tuple[int, int, int]], amount: int
) -> None:
    receivables = [_receivable(place, *bill) for place, bill in enumerate(owed)]
    rows = [
        {"id": each.invoice_id, "number": each.number, "period": each.period, "due_on": each.due_on,
         "balance_minor": each.balance}
        for each in receivables
    ]  # fmt: skip
    rows.sort(key=age)
    gets, credit = split(amount, rows)
    account = Account(CUSTOMER, receivables={each.invoice_id: each for each in receivables})
    now = datetime(2026, 3, 1, tzinfo=UTC)
    account.receive(
        Payment(UUID(int=9), CUSTOMER, None, amount, "BDT", "cash", now.date(), now, "a@b", "desk")
    )
    assert account.credit == credit
    assert [account.receivables[row["id"]].paid for row in rows] == gets
