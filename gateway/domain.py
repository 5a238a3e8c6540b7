"""Rules of the desk: what counts as overdue, and what must never be written down."""

from __future__ import annotations

import re
from datetime import date


def is_overdue(status: str, due_on: date, today: date) -> bool:
    """Owed after its due date."""
    return status in ("unpaid", "partial") and due_on < today


_DIGIT_RUNS = re.compile(r"[0-9](?:[ -]?[0-9]){12,}")


def holds_card_number(text: str) -> bool:
    """Whether 13 to 19 digits in a row, spaces and dashes aside, pass the Luhn check (ISO/IEC 7812-1)."""
    runs = ([int(character) for character in run if character.isdigit()] for run in _DIGIT_RUNS.findall(text))
    return any(13 <= len(digits) <= 19 and _luhn(digits) for digits in runs)


def _luhn(digits: list[int]) -> bool:
    doubled = [digit * 2 if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0
