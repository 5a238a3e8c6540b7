"""Days and times as people, spreadsheets and other systems write them.

A number is never a date: `45000` is a spreadsheet's serial, `1767225600` a Unix time, `0` a mistake, and each
of them has been read as a day of 1970 or 2612 by something that guessed. Years lie between 1970 and 9998, so
that a zone can always be added or taken off.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, TypeAlias

from shared.values.texts import one_line, with_latin_digits
from shared.values.unreadable import Unreadable

Order: TypeAlias = Literal["day_first", "month_first", "iso"]

FIRST_YEAR, LAST_YEAR = 1970, 9998
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")
_ISO = re.compile(r"(?P<year>[0-9]{4})([-/.])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})")
_NUMERIC = re.compile(r"(?P<first>[0-9]{1,2})([-/. ])(?P<second>[0-9]{1,2})\2(?P<year>[0-9]{4}|[0-9]{2})")
_NAMED = re.compile(
    r"(?P<day>[0-9]{1,2})[-/., ]*(?P<name>[^\W\d_]+[^\d\s,./-]*)[-/., ]*(?P<year>[0-9]{4}|[0-9]{2})"
)
_NAME_FIRST = re.compile(
    r"(?P<name>[^\W\d_]+[^\d\s,./-]*)[-/., ]+(?P<day>[0-9]{1,2})(?:[-/, ]+)(?P<year>[0-9]{4})"
)
_TIME = re.compile(
    r"[T ]\s*(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(:(?P<second>[0-9]{2})([.,][0-9]+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?$"
)
# English, and Bengali as Unicode CLDR and people spell it; the first in a line is January.
_MONTHS = (
    "jan january জানু জানুয়ারি জানুয়ারী",
    "feb february ফেব ফেব্রুয়ারি ফেব্রুয়ারী",
    "mar march মার্চ",
    "apr april এপ্রি এপ্রিল",
    "may মে",
    "jun june জুন",
    "jul july জুল জুলাই",
    "aug august আগ আগস্ট",
    "sep sept september সেপ সেপ্টেম্বর",
    "oct october অক্টো অক্টোবর",
    "nov november নভে নভেম্বর",
    "dec december ডিসে ডিসেম্বর",
)


class NotADay(Unreadable):
    """“{text}” is no date; write it as {suggestion}."""


class NumberIsNoDay(NotADay):
    """“{text}” is a number, not a date; write it as {suggestion}."""


class NoSuchDay(NotADay):
    """There is no day {text}."""


class DayOutOfRange(NotADay):
    """“{text}” lies outside the years 1970 to 9998."""


class NotAMoment(Unreadable):
    """“{text}” is no time of RFC 3339, such as 2026-03-31T23:30:00+06:00."""


def read_day(text: str, order: Order = "day_first", zone: tzinfo | None = None) -> date:
    """Return the day that a text names; a time behind it is read, and moved to `zone` where it has one.

    `2026-01-09` is the 9th of January in any order; `09/01/2026` follows `order`; `iso` takes nothing else
    than the first form. Raises NumberIsNoDay, NoSuchDay, DayOutOfRange or NotADay.
    """
    typed = one_line(text)
    plain = with_latin_digits(typed)
    if _NUMBER.fullmatch(plain):
        raise NumberIsNoDay(typed, _example(order))
    time = _TIME.search(plain)
    day = _day(typed, plain[: time.start()].rstrip(" ,") if time else plain, order)
    if time is None:
        return day
    return _at(typed, day, time, zone)


def read_moment(text: str, zone: tzinfo) -> datetime:
    """Return an RFC 3339 time; without an offset it is in `zone`, and a day by itself begins there.

    Raises NotAMoment, or DayOutOfRange outside the years 1970 to 9998.
    """
    typed = one_line(text)
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed):
        raise NotAMoment(typed)
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError as error:
        raise NotAMoment(typed) from error
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise DayOutOfRange(typed)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _day(typed: str, plain: str, order: Order) -> date:
    if iso := _ISO.fullmatch(plain):
        return _made(typed, int(iso["year"]), int(iso["month"]), int(iso["day"]))
    if order == "iso":
        raise NotADay(typed, _example(order))
    if numeric := _NUMERIC.fullmatch(plain):
        first, second = int(numeric["first"]), int(numeric["second"])
        day, month = (first, second) if order == "day_first" else (second, first)
        return _made(typed, _year(numeric["year"]), month, day)
    if named := _NAMED.fullmatch(plain) or _NAME_FIRST.fullmatch(plain):
        month = _months().get(_plain_name(named["name"]), 0)
        if month:
            return _made(typed, _year(named["year"]), month, int(named["day"]))
    raise NotADay(typed, _example(order))


def _made(typed: str, year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DayOutOfRange(typed)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDay(typed) from error


def _at(typed: str, day: date, time: re.Match[str], zone: tzinfo | None) -> date:
    """Return the day of a time in the zone; without an offset it is the day's own."""
    hour, minute, second = int(time["hour"]), int(time["minute"]), int(time["second"] or 0)
    if time["half"]:
        if not 1 <= hour <= 12:
            raise NoSuchDay(typed)
        hour = hour % 12 + (12 if time["half"].lower().startswith("p") else 0)
    if hour > 23 or minute > 59 or second > 60:
        raise NoSuchDay(typed)
    if not time["zone"] or zone is None:
        return day
    offset = "+00:00" if time["zone"] in ("Z", "UTC", "GMT") else time["zone"]
    moment = datetime.fromisoformat(f"{day}T{hour:02d}:{minute:02d}:00{offset}")
    return moment.astimezone(zone).date()


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _example(order: Order) -> str:
    return {"day_first": "31/12/2026", "month_first": "12/31/2026", "iso": "2026-12-31"}[order]


@lru_cache(maxsize=1)
def _months() -> Mapping[str, int]:
    """The number of each month by its English and Bengali names."""
    names = {
        _plain_name(name): number for number, line in enumerate(_MONTHS, start=1) for name in line.split()
    }
    return MappingProxyType(names)


def _plain_name(name: str) -> str:
    return unicodedata.normalize("NFC", name).rstrip(".").casefold()
