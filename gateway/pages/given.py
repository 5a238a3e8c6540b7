"""What addresses of lists are made of: repeated values, ids and days; what cannot be meant is kept apart."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

from shared.values.days import read_day
from shared.values.unreadable import Unreadable

FIRST_YEAR, LAST_YEAR = 2000, 2199


class Odd(NamedTuple):
    """A part of an address that cannot be meant: the parameter and its value."""

    name: str
    value: str


class Given:
    """The fields of a query string; those that cannot be meant are kept apart, in `odd`."""

    def __init__(self, query: str) -> None:
        self.odd: list[Odd] = []
        self._values: dict[str, list[str]] = {}
        for name, value in parse_qsl(query[:8_000], errors="replace"):
            self._values.setdefault(name, []).append(value.strip())

    def every(self, name: str, is_good: Any) -> tuple[str, ...]:
        """Return the values that can be meant, each once."""
        values = self._values.get(name, [])
        self.odd.extend(Odd(name, value) for value in values if value and not is_good(value))
        return tuple(dict.fromkeys(value for value in values if is_good(value)))

    def last(self, name: str, is_good: Any) -> str:
        """Return the last value that can be meant; empty where there is none."""
        values = self.every(name, is_good)
        return values[-1] if values else ""


def is_uuid(value: str) -> bool:
    """Whether a text is an id."""
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False


def typed_day(value: str) -> date | None:
    """The day that was typed, None where the text is no day of this century or the next."""
    try:
        day = read_day(value)
    except Unreadable:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def iso_day(given: Given, name: str) -> str:
    """The day that was given, as an address keeps it; empty where there is none."""
    text = given.last(name, typed_day)
    day = typed_day(text) if text else None
    return day.isoformat() if day else ""
