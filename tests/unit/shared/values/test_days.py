"""Days and moments: numbers are never dates, and what a page shows can be typed back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as some

from shared.values.days import (
    DayOutOfRange,
    NoSuchDay,
    NotADay,
    NotAMoment,
    NumberIsNoDay,
    Order,
    read_day,
    read_moment,
)
from shared.values.unreadable import Unreadable

DHAKA = ZoneInfo("Asia/Dhaka")
JANUARY_9 = date(2026, 1, 9)
DAYS = some.dates(date(1970, 1, 1), date(9998, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-09",
        "2026/1/9",
        "09/01/2026",
        "9-1-26",
        "09.01.2026",
        "9 1 2026",
        "9 Jan 2026",
        "09-Jan-26",
        "9 January 2026",
        "Jan 9, 2026",
        "০৯/০১/২০২৬",
        "৯ জানুয়ারি ২০২৬",
        "৯ জানু ২০২৬",
        "\u200e09/01/2026\u00a0",
        "2026-01-09 00:00:00",
        "2026-01-09T23:30:00",
        "09/01/2026 11:30 PM",
        "2026-01-08T20:00:00Z",
        "2026-01-09T01:30:00+0600",
    ],
)
def test_a_day_is_read_as_people_and_exports_write_it(text: str) -> None:
    assert read_day(text, "day_first", DHAKA) == JANUARY_9


@pytest.mark.parametrize(
    ("order", "text"), [("day_first", "09/01/2026"), ("month_first", "01/09/2026"), ("iso", "2026-01-09")]
)
def test_the_order_of_day_and_month_is_told_and_not_guessed(order: str, text: str) -> None:
    assert read_day(text, cast(Order, order)) == JANUARY_9


@pytest.mark.parametrize(
    "text", ["0", "45000", "1767225600", "20260331233000", "20260331", "45000.5", "4.5E4", "১২৩"]
)
def test_a_number_is_never_a_day(text: str) -> None:
    with pytest.raises(NumberIsNoDay):
        read_day(text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("31/02/2026", NoSuchDay),
        ("2026-13-01", NoSuchDay),
        ("01/13/2026", NoSuchDay),
        ("0001-01-01", DayOutOfRange),
        ("31/12/9999", DayOutOfRange),
        ("yesterday", NotADay),
        ("9 Janvier 2026", NotADay),
        ("09/01", NotADay),
        ("", NotADay),
        ("2026-01-09 25:00", NoSuchDay),
        ("2026-W05-1", NotADay),
    ],
)
def test_what_is_no_day_says_why(text: str, error: type[Unreadable]) -> None:
    with pytest.raises(error) as caught:
        read_day(text)
    assert "{" not in caught.value.detail


@given(
    day=DAYS,
    pattern=some.sampled_from(["d MMM y", "d MMMM y", "dd/MM/yyyy"]),
    locale=some.sampled_from(["en_GB", "bn_BD"]),
)
def test_a_day_that_is_shown_can_be_typed_back(day: date, pattern: str, locale: str) -> None:
    assert read_day(format_date(day, pattern, locale=locale)) == day


@given(day=DAYS)
def test_a_day_of_the_api_is_the_same_day_in_every_order(day: date) -> None:
    assert {read_day(day.isoformat(), order) for order in ("day_first", "month_first", "iso")} == {day}


@given(text=some.text())
def test_any_text_is_a_day_or_says_why_not(text: str) -> None:
    outcome = _outcome(text)
    assert outcome if isinstance(outcome, str) else 1970 <= outcome.year <= 9998


def _outcome(text: str) -> date | str:
    try:
        return read_day(text)
    except Unreadable as error:
        return error.detail


def test_a_time_without_a_zone_is_in_the_given_one() -> None:
    assert read_moment("2026-03-31T23:30:00", DHAKA) == datetime(2026, 3, 31, 17, 30, tzinfo=UTC)
    assert read_moment("2026-03-31", DHAKA) == datetime(2026, 3, 30, 18, tzinfo=UTC)
    assert read_moment("2026-03-31T23:30:00Z", DHAKA) == datetime(2026, 3, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "1969-12-31T23:59:59Z"])
def test_a_moment_outside_the_readable_years_is_refused(text: str) -> None:
    with pytest.raises(DayOutOfRange):
        read_moment(text, DHAKA)


@pytest.mark.parametrize(
    "text", ["1767225600", "20260331233000", "20260331T233000Z", "31/03/2026", "", "2026-02-30T00:00:00Z"]
)
def test_a_moment_is_written_as_the_standard_says(text: str) -> None:
    with pytest.raises(NotAMoment):
        read_moment(text, DHAKA)


@given(moment=some.datetimes(datetime(1971, 1, 1), datetime(9998, 12, 30), timezones=some.just(UTC)))
def test_a_moment_can_be_moved_to_any_zone(moment: datetime) -> None:
    read = read_moment(moment.isoformat(), DHAKA)
    assert read == moment
    assert read.astimezone(DHAKA).utcoffset() >= timedelta(0)  # type: ignore[operator]
