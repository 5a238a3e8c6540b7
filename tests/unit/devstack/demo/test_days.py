"""The demo's days: three months billed on their firsts, whenever the demo is loaded."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from devstack.demo import cast, days
from devstack.demo.days import ZONE


@pytest.mark.parametrize(
    ("today", "firsts"),
    [
        (date(2026, 11, 26), ["2026-09-01", "2026-10-01", "2026-11-01"]),
        (date(2027, 1, 1), ["2026-11-01", "2026-12-01", "2027-01-01"]),
        (date(2028, 3, 31), ["2028-01-01", "2028-02-01", "2028-03-01"]),
    ],
)
def test_the_last_three_months_are_billed(today: date, firsts: list[str]) -> None:
    assert [str(each) for each in days.months(today)] == firsts


def test_the_story_begins_in_the_month_before_the_first_bills_and_never_after_its_end() -> None:
    for number in range(400):
        goal = datetime(2026, 1, 1, 0, 30, tzinfo=ZONE) + timedelta(days=number)
        begins = days.beginning(goal)
        nights = [days.night_of(first) for first in days.months(goal.date())]
        assert begins < nights[0] < nights[1] < nights[2] < goal
        assert begins.month == (nights[0] - timedelta(days=1)).month


def test_money_is_collected_on_days_that_have_come() -> None:
    goal = datetime(2026, 11, 14, 9, 0, tzinfo=ZONE)
    assert days.collecting(date(2026, 11, 1), goal) == [date(2026, 11, 6), date(2026, 11, 13)]
    assert len(days.collecting(date(2026, 10, 1), goal)) == len(days.COLLECTED_ON)


def test_everybody_pays_on_a_day_of_the_month_and_always_the_same() -> None:
    paid = [cast.paid_on(date(2026, 2, 1), f"PLB-{number}") for number in range(500)]
    assert min(paid) >= date(2026, 2, 2)
    assert max(paid) <= date(2026, 2, 27)
    assert paid == [cast.paid_on(date(2026, 2, 1), f"PLB-{number}") for number in range(500)]
    for habits in cast.HABITS:
        assert abs(sum(habits.values()) - 100) < 0.01
