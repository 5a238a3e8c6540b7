"""Amounts of money as people write them: 1,050.00 · 1,05,000 · ১০৫০ · ৳ 1,050.00 · BDT 1050 · 1050/-.

A comma only ever groups and a point only ever divides: `1.000,00` means a thousand in one country and one in
another, so it is refused with what to write, never guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal

from shared.values.grouping import grouped
from shared.values.texts import one_line, with_latin_digits
from shared.values.unreadable import Unreadable

GREATEST_MINOR = 2**53 - 1
# Groups of three, or the lakhs and crores of South Asia: three last digits, pairs before them.
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,2}(,[0-9]{2})+,[0-9]{3}|[0-9]{1,2},[0-9]{3}")
_PLAIN = re.compile(r"[0-9]+")
_UNITS = re.compile(r"^(?:৳|tk\.?|taka|টাকা)\s*|\s*(?:৳|tk\.?|taka|টাকা|/[-=])$", re.IGNORECASE)
_COMMA_DECIMAL = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})*|[0-9]+),([0-9]{1,2})")
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")


class NotAnAmount(Unreadable):
    """“{text}” is no amount; write it as 1,050.00."""


class CommaForDecimals(NotAnAmount):
    """“{text}” can be read in two ways; write {suggestion}, with a point before the decimals."""


class BlankInAmount(NotAnAmount):
    """“{text}” has a blank in it; write {suggestion}."""


class OddGroups(NotAnAmount):
    """“{text}” has commas in odd places; write {suggestion}."""


class TooManyDecimals(NotAnAmount):
    """“{text}” has more decimals than the currency; write at most {suggestion}."""


class NotPositive(NotAnAmount):
    """The amount must be more than nothing."""


class TooMuch(NotAnAmount):
    """“{text}” is more than an amount can be."""


class OtherCurrency(NotAnAmount):
    """“{text}” is not in {suggestion}, the currency of this installation."""


class NotAPercentage(Unreadable):
    """“{text}” is no percentage from 0 to 100; write it as 7.5."""


def read_amount(text: str, currency: str, digits: int = 2, least_minor: int = 1) -> int:
    """Return minor units of an amount in the currency, which has `digits` decimals.

    Raises a NotAnAmount whose class says why and whose `suggestion` is what to write.
    """
    typed = one_line(text)
    plain = _without_unit(with_latin_digits(typed).replace("−", "-"), currency)
    if plain.startswith("-"):
        raise NotPositive(typed)
    whole, _point, decimals = plain.partition(".")
    if not (whole or decimals):
        raise NotAnAmount(typed)
    if (decimals and not _PLAIN.fullmatch(decimals)) or (whole and not _is_whole(whole)):
        raise _odd(typed, plain, currency)
    if len(decimals.rstrip("0")) > digits:
        raise TooManyDecimals(typed, str(digits))
    value = Decimal(f"{whole.replace(',', '') or '0'}.{decimals or '0'}")
    if value > Decimal(GREATEST_MINOR).scaleb(-digits):
        raise TooMuch(typed)
    minor = int(value.scaleb(digits))
    if minor < least_minor:
        raise NotPositive(typed)
    return minor


def read_percentage(text: str) -> int:
    """Return basis points of a percentage from 0 to 100: `7.5` and `7.5 %` are 750. Raises NotAPercentage."""
    typed = one_line(text)
    plain = with_latin_digits(typed).removesuffix("%").strip()
    if not _PERCENT.fullmatch(plain) or Decimal(plain) > 100:
        raise NotAPercentage(typed)
    return int(Decimal(plain) * 100)


def _is_whole(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text))


def _without_unit(text: str, currency: str) -> str:
    """Take off the currency's code, or the taka's signs where the currency is the taka."""
    bare = re.sub(rf"^{re.escape(currency)}\s*|\s*{re.escape(currency)}$", "", text, flags=re.IGNORECASE)
    if currency == "BDT":
        bare = _UNITS.sub("", bare)
    if re.search(r"^[A-Za-z]{3}\s*(?=[0-9])|(?<=[0-9])\s*[A-Za-z]{3}$", bare):
        raise OtherCurrency(text, currency)
    return bare.strip()


def _odd(typed: str, plain: str, currency: str) -> NotAnAmount:
    """Say which of the usual slips this is, and what was probably meant."""
    if decimal_comma := _COMMA_DECIMAL.fullmatch(plain):
        whole = decimal_comma[1].replace(".", "")
        return CommaForDecimals(typed, f"{grouped(int(whole), currency)}.{decimal_comma[2]:0<2}")
    if re.fullmatch(r"[0-9., ]+", plain):
        digits = re.sub(r"[^0-9.]", "", plain)
        if digits.count(".") <= 1 and digits.strip("."):
            return BlankInAmount(typed, digits) if " " in plain else OddGroups(typed, digits)
    return NotAnAmount(typed)
