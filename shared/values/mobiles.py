"""Mobile numbers, as people and spreadsheets write them, to E.164.

`phonenumbers` (Google's libphonenumber) decides what is a mobile. What files do to numbers is undone here:
a lost leading zero, an apostrophe, `="…"`, Bengali digits, direction marks, two numbers in one cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
)

from shared.values.texts import is_filler, one_line, with_latin_digits
from shared.values.unreadable import Unreadable

_MOBILE_TYPES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?[eE][+]?[0-9]+")
_FORMULA = re.compile(r'="?([^"]*)"?')
_QUOTES = " '`\"\u2018\u2019\u201c\u201d"
_BETWEEN = re.compile(r"\s*(?:[,;|&/\\\n]|\bor\b|\band\b|\bবা\b)\s*", re.IGNORECASE)


class NoMobile(Unreadable):
    """“{text}” is no mobile number; write it as {suggestion}."""


class LostDigits(NoMobile):
    """“{text}” lost digits in a spreadsheet; format the column as text and write {suggestion}."""


class TooShort(NoMobile):
    """“{text}” is too short for a mobile number such as {suggestion}."""


class TooManyDigits(NoMobile):
    """“{text}” is too long for a mobile number such as {suggestion}."""


class NotMobile(NoMobile):
    """“{text}” is a number, but no mobile number such as {suggestion}."""


@dataclass(frozen=True, slots=True)
class Mobile:
    """A mobile number in E.164, the second of a cell with two, and whether a lost zero was put back."""

    number: str
    alternate: str | None = None
    zero_restored: bool = False


def read_mobile(text: str, country: str) -> Mobile | None:
    """Return the mobile that a text names in the country (ISO 3166, `BD`); None for a filler or nothing.

    Raises a NoMobile whose class says what is wrong.
    """
    typed = one_line(text.replace("\n", " / "))
    plain = _unwrapped(with_latin_digits(typed))
    if is_filler(plain):
        return None
    if _SCIENTIFIC.fullmatch(plain):
        raise LostDigits(typed, _example(country))
    parts = [part for part in _BETWEEN.split(plain) if part and not is_filler(part)]
    if len(parts) < 2:
        parts = _apart(plain, country)
    first = _read_one(typed, parts[0], country)
    number, is_restored = _e164(first), _lost_zero(parts[0], first)
    for second in parts[1:]:
        try:
            alternate = _e164(_read_one(typed, second, country))
        except NoMobile:
            continue
        if alternate != number:
            return Mobile(number, alternate, is_restored)
    return Mobile(number, None, is_restored)


def _unwrapped(text: str) -> str:
    if formula := _FORMULA.fullmatch(text):
        text = formula[1]
    return re.sub(r"^tel:|\.0$", "", text.strip(_QUOTES))


def _apart(plain: str, country: str) -> list[str]:
    """Return two whole numbers with only a blank between them apart, anything else as it is."""
    words = plain.split()
    for cut in range(1, len(words)):
        halves = [" ".join(words[:cut]), " ".join(words[cut:])]
        if all(_is_mobile(half, country) for half in halves):
            return halves
    return [plain]


def _is_mobile(text: str, country: str) -> bool:
    try:
        return _read_one(text, text, country) is not None
    except NoMobile:
        return False


def _read_one(typed: str, text: str, country: str) -> PhoneNumber:
    if re.search(r"[^\W\d_]", text) or not re.search(r"[0-9]", text):
        raise NoMobile(typed, _example(country))
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException as error:
        short = error.error_type == NumberParseException.TOO_SHORT_NSN
        raise (TooShort if short else NoMobile)(typed, _example(country)) from error
    # What is a mobile needs no other question: a file asks this a hundred thousand times.
    if phonenumbers.number_type(number) in _MOBILE_TYPES:
        return number
    if phonenumbers.is_valid_number(number):
        raise NotMobile(typed, _example(country))
    possible = phonenumbers.is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
    if possible in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        raise TooShort(typed, _example(country))
    if possible == ValidationResult.TOO_LONG:
        raise TooManyDigits(typed, _example(country))
    raise NotMobile(typed, _example(country))


def _lost_zero(text: str, number: PhoneNumber) -> bool:
    """Whether the national number was written without the zero that stands before it at home."""
    return re.sub(r"[^0-9+]", "", text) == str(number.national_number)


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _example(country: str) -> str:
    example = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    return phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL) if example else "+8801712345678"
