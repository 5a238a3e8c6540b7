"""Amounts, dates and shares as readers of this ISP write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.pages.web.formats import Formats, mobile
from shared.values.amounts import GREATEST_MINOR, NotAnAmount, read_amount

TAKA = Formats("en", "BDT", "Asia/Dhaka")


@pytest.mark.parametrize(
    ("minor", "written"),
    [(0, "0.00"), (5, "0.05"), (105_000, "1,050.00"), (10_500_000, "1,05,000.00"), (-60_000, "−600.00")],
)
def test_taka_are_grouped_in_lakhs(minor: int, written: str) -> None:
    assert TAKA.amount(minor) == written


def test_other_currencies_are_grouped_in_thousands_with_their_own_decimals() -> None:
    assert Formats("en", "EUR", "Europe/Berlin").amount(10_500_000) == "105,000.00"
    assert Formats("en", "JPY", "Asia/Tokyo").amount(105_000) == "105,000"


@given(st.integers(min_value=1, max_value=GREATEST_MINOR))
def test_what_is_written_can_be_typed_back_in(minor: int) -> None:
    assert read_amount(TAKA.amount(minor), "BDT") == minor
    assert read_amount(TAKA.money_text(minor), "BDT") == minor
    assert read_amount(TAKA.plain_amount(minor), "BDT") == minor


@pytest.mark.parametrize("text", ["", "0", "-5", "1.005", "abc", "1e3", "NaN", "9" * 30, "1.2.3", "."])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        read_amount(text, "BDT")


def test_bengali_digits_are_read() -> None:
    assert read_amount("১,০৫০.৫০", "BDT") == 105_050


def test_nothing_is_a_hundred_percent_while_something_is_open() -> None:
    assert TAKA.percent(99_999, 100_000) == "99%"
    assert TAKA.percent(100_000, 100_000) == "100%"
    assert TAKA.percent(46, 1_000) == "4.6%"
    assert TAKA.percent(0, 0) == "0%"


def test_dates_are_in_the_readers_language() -> None:
    assert TAKA.month("2026-12") == "December 2026"
    assert Formats("bn", "BDT", "Asia/Dhaka").month("2026-12") == "ডিসেম্বর 2026"
    assert TAKA.moment("2026-12-31T18:30:00Z") == "1 Jan, 00:30"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_where_the_calendar_ends_closes_no_page(zone: str, moment: str) -> None:
    formats = Formats("en", "BDT", zone)
    assert all([formats.day(moment), formats.clock(moment), formats.day_year(moment)])


def test_a_mobile_is_written_as_in_its_country() -> None:
    assert mobile("+8801711000412") == "01711-000412"
    assert mobile(None) == ""
