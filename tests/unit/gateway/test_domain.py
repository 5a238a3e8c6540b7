"""Who may do what, what is overdue, and what must never be written down."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access import MAY, ROLES, Principal
from gateway.domain import holds_card_number, is_overdue
from gateway.problems import Problem


def _principal(role: str) -> Principal:
    return Principal(uuid4(), "a@b", "A", role, uuid4(), False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["4111111111111111", "paid with 4111 1111 1111 1111", "5500-0000-0000-0004!"]
)
def test_a_card_number_is_recognised_with_spaces_and_dashes(text: str) -> None:
    assert holds_card_number(text)


@pytest.mark.parametrize(
    "text", ["", "4111111111111112", "TRX 20261201123457", "+8801712345678", "0000", "bKash 9X7K2"]
)
def test_other_numbers_are_no_card_numbers(text: str) -> None:
    assert not holds_card_number(text)


# Plain, full-width, Bengali, mathematical.
WAYS_TO_WRITE_DIGITS = [
    "".join(chr(zero + digit) for digit in range(10)) for zero in (0x30, 0xFF10, 0x09E6, 0x1D7CE)
]
SEPARATORS = (
    "",
    " ",
    "-",
    ".",
    "\u00a0",
    "\u2009",
    "\u200b",
    "\ufeff\u200b\u2060\u200b",
    "\u2013",
    " - ",
    "\u00b7",
    "_",
    "\n",
    "*",
)


@given(
    st.lists(st.integers(0, 9), min_size=12, max_size=18),
    st.lists(st.sampled_from(SEPARATORS), min_size=18, max_size=18),
    st.sampled_from(WAYS_TO_WRITE_DIGITS),
)
def test_a_card_number_is_recognised_however_it_is_written(
    digits: list[int], separators: list[str], written: str
) -> None:
    doubled = [digit * 2 if place % 2 == 0 else digit for place, digit in enumerate(reversed(digits))]
    check = -sum(each - 9 if each > 9 else each for each in doubled) % 10
    number = [*digits, check]
    parts = [written[digit] + separator for digit, separator in zip(number, [*separators, ""], strict=False)]
    assert holds_card_number(f"card {''.join(parts)} of Rahim")


def test_dates_amounts_and_lists_are_no_card_number() -> None:
    assert not holds_card_number("01/12/2026 10:30, 1050, 4111111111111112; 12")


def test_a_collector_records_payments_closes_their_days_and_changes_nothing_else() -> None:
    assert {what for what in MAY if _principal("collector").may(what)} == {
        "see",
        "record-payment",
        "send-links",
        "close-day",
    }


def test_a_viewer_only_sees() -> None:
    assert {what for what in MAY if _principal("viewer").may(what)} == {"see"}


def test_a_role_that_does_not_allow_it_is_forbidden() -> None:
    with pytest.raises(Problem) as refused:
        _principal("operator").must("change-packages")
    assert (refused.value.status, refused.value.code) == (403, "forbidden")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_grants_more_than_their_own_role(role: str) -> None:
    granted = [each for each in ROLES if _principal(role).may_grant(each)]
    assert granted == list(ROLES[ROLES.index(role) :])  # type: ignore[arg-type]


def test_a_bill_is_overdue_the_day_after_it_is_due() -> None:
    due = date(2026, 12, 10)
    assert not is_overdue("unpaid", due, due)
    assert is_overdue("partial", due, date(2026, 12, 11))
    assert not is_overdue("paid", due, date(2027, 1, 1))
    assert not is_overdue("void", due, date(2027, 1, 1))
