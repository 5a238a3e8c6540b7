"""The installation's clock: real time, moved in development.

By `ISPBILLS_CLOCK_OFFSET_SECONDS` once and for all, or by the file that `ISPBILLS_CLOCK_FILE` names: whoever
writes another offset there moves every process that runs, as the demo does while it loads.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

LOOK_SECONDS = 0.1


@dataclass(slots=True)
class _Hand:
    """An offset that is read from its file, at most ten times a second."""

    path: Path
    offset: timedelta
    next_look: float = 0.0

    def read(self) -> timedelta:
        now = time.monotonic()
        if now >= self.next_look:
            self.next_look = now + LOOK_SECONDS
            with suppress(OSError, ValueError):  # not there yet: the offset of before stands
                self.offset = timedelta(seconds=float(self.path.read_text()))
        return self.offset


@cache
def _hand() -> _Hand | None:
    path = os.environ.get("ISPBILLS_CLOCK_FILE")
    return _Hand(Path(path), _fixed()) if path else None


@cache
def _fixed() -> timedelta:
    return timedelta(seconds=float(os.environ.get("ISPBILLS_CLOCK_OFFSET_SECONDS") or 0))


def _offset() -> timedelta:
    hand = _hand()
    return hand.read() if hand is not None else _fixed()


def now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC) + _offset()


def today(time_zone: str) -> date:
    """The date now in an IANA time zone."""
    return now().astimezone(ZoneInfo(time_zone)).date()
