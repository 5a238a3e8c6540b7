"""The days on which the demo plays: three months that were billed on their first days, and today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from devstack import environment, state
from devstack.demo.cast import month_before
from shared import clock

ZONE = ZoneInfo("Asia/Dhaka")
MONTHS = 3
# In the month before the first bills, as an ISP is set up: nobody is billed for it.
SET_UP_ON = 25
# When what customers brought is entered.
COLLECTED_ON = (6, 13, 24, 28)
VOIDED_ON = 3
_JUST_AFTER_MIDNIGHT, _CLOSING_TIME = time(0, 0, 20), time(18, 30)


def months(today: date) -> list[date]:
    """The first days of the months that are billed, the oldest first."""
    firsts = [today.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.append(month_before(firsts[-1]))
    return firsts[::-1]


def beginning(goal: datetime) -> datetime:
    """When the story begins that ends at `goal`."""
    before = month_before(months(goal.astimezone(ZONE).date())[0])
    return at(before.replace(day=SET_UP_ON), time(10))


def at(day: date, when: time) -> datetime:
    """A moment of a day at the ISP."""
    return datetime.combine(day, when, ZONE)


def night_of(first: date) -> datetime:
    """When a month has just begun."""
    return at(first, _JUST_AFTER_MIDNIGHT)


def evening_of(day: date) -> datetime:
    """When the desk closes."""
    return at(day, _CLOSING_TIME)


def collecting(first: date, goal: datetime) -> Sequence[date]:
    """The days of a month on which money is entered, as far as they have come."""
    days = [first.replace(day=day) for day in COLLECTED_ON]
    return [day for day in days if evening_of(day) < goal]


class Calendar:
    """The stack's clock, which goes forward from day to day and ends at `goal`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        known = state.load(directory)
        assert known is not None, "a running stack has a state"
        offset = known.clock_goal_offset_seconds
        self._goal_offset = known.clock_offset_seconds if offset is None else offset

    @property
    def goal(self) -> datetime:
        """The time at which the story ends: where everybody else's clock is."""
        return (datetime.now(UTC) + timedelta(seconds=self._goal_offset)).astimezone(ZONE)

    def turn_to(self, moment: datetime) -> bool:
        """Let it be this moment, unless it has passed or has not come by the end; whether it was turned."""
        if not clock.now() < moment < self.goal:
            return False
        self._set((moment - self.goal).total_seconds() + self._goal_offset)
        return True

    def let_go(self) -> None:
        """Let it be now."""
        self._set(self._goal_offset)
        with state.changing(self._directory) as known:
            known.clock_goal_offset_seconds = None

    def _set(self, offset_seconds: float) -> None:
        with state.changing(self._directory) as known:
            known.clock_offset_seconds = offset_seconds
        environment.turn_clock(self._directory, offset_seconds)
