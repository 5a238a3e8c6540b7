"""Rules of the desk: what counts as overdue, and what must never be written down."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shared import settling

# Months that a list of the desk shows.
PERIOD = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


def is_overdue(status: str, due_on: date, today: date) -> bool:
    """Owed after its due date."""
    return status in ("unpaid", "partial") and due_on < today


def age(bill: Mapping[str, Any]) -> tuple[Any, ...]:
    """Sorts as payments does: the oldest period first, then the oldest due, then the lowest number."""
    return settling.age(bill["period"], bill["due_on"], bill["number"])


def shifted(period: str, months: int) -> str:
    """`2026-12` and 1 make `2027-01`."""
    year, month = divmod(int(period[:4]) * 12 + int(period[5:]) - 1 + months, 12)
    return f"{year:04d}-{month + 1:02d}"


def months_between(first: str, last: str) -> list[str]:
    """Return the billing periods from one to another, both with them; the last alone where it comes first."""
    months = [min(first, last)]
    while months[-1] < last:
        months.append(shifted(months[-1], 1))
    return months


def split(amount_minor: int, owed: Sequence[Mapping[str, Any]]) -> tuple[list[int], int]:
    """Return what each of the owed bills gets of an amount, oldest first, and what is left as credit."""
    gets, left = [], amount_minor
    for bill in owed:
        gets.append(min(left, bill["balance_minor"]))
        left -= gets[-1]
    return gets, left


CARD_DIGITS = range(13, 20)
LONGEST_SEPARATOR = 3
# Dates, times and lists are written with these; taken for separators, they would make one number of many.
_BETWEEN_NUMBERS = frozenset("/:;,")


def holds_card_number(text: str) -> bool:
    """Whether 13 to 19 digits in a row, of any script, pass the Luhn check (ISO/IEC 7812-1).

    Up to three blanks, dashes, dots or other signs may stand between two of them, and any number of
    characters that nobody sees.
    """
    return any(len(digits) in CARD_DIGITS and _luhn(digits) for digits in _runs(text))


def _runs(text: str) -> list[list[int]]:
    """The digits of each number that is written in the text, separators left out."""
    runs: list[list[int]] = [[]]
    between = 0
    for character in text:
        digit = unicodedata.digit(character, None)
        if digit is not None:
            runs[-1].append(int(digit))
            between = 0
        elif not _is_separator(character) or between == LONGEST_SEPARATOR:
            runs.append([])
            between = 0
        elif not _is_unseen(character):
            between += 1
    return runs


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Mn")


def _is_separator(character: str) -> bool:
    """Whether it is neither a letter nor a number, nor stands between two numbers."""
    return character not in _BETWEEN_NUMBERS and unicodedata.category(character)[0] not in "LN"


def _luhn(digits: list[int]) -> bool:
    doubled = [digit * 2 if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0
