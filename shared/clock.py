"""The installation's clock: real time, moved by `ISPBILLS_CLOCK_OFFSET_SECONDS` in development."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo


@cache
def _offset() -> timedelta:
    return timedelta(seconds=float(os.environ.get("ISPBILLS_CLOCK_OFFSET_SECONDS") or 0))


def now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC) + _offset()


def today(time_zone: str) -> date:
    """The date now in an IANA time zone."""
    return now().astimezone(ZoneInfo(time_zone)).date()
