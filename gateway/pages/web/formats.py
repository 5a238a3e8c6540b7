"""Amounts, dates and numbers as they are written for one reader: language, currency, time zone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import get_currency_precision, parse_pattern
from markupsafe import Markup

from shared.values.countries import country_of
from shared.values.days import FIRST_YEAR, LAST_YEAR
from shared.values.grouping import counts_in_lakhs
from shared.values.texts import with_digits_of, with_latin_digits


@dataclass(frozen=True)
class Formats:
    """Everything a template writes that depends on who reads it."""

    language: str
    currency: str
    time_zone: str
    # Customers read their language's own digits; staff compare with receipts and type back in: Latin ones.
    for_customers: bool = False

    def of_customers(self, language: str) -> Formats:
        """The same for those who are billed, in a language of theirs."""
        return replace(self, language=language, for_customers=True)

    @cached_property
    def locale(self) -> Locale:
        return Locale.parse("bn_BD" if self.language == "bn" else "en_GB")

    @cached_property
    def digits(self) -> int:
        """Decimal places of the currency."""
        return get_currency_precision(self.currency)

    @cached_property
    def country(self) -> str:
        """Return the country whose rules read a mobile without a country code."""
        return country_of(self.currency)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def lakhs(self) -> bool:
        """Whether thousands are grouped in lakhs and crores."""
        return counts_in_lakhs(self.currency)

    @cached_property
    def _grouping(self) -> str:
        return "#,##,##0" if self.lakhs else "#,##0"

    @cached_property
    def _amounts(self) -> str:
        return self._grouping + ("." + "0" * self.digits if self.digits else "")

    def amount(self, minor: int | None) -> str:
        """1,05,000.00: digits alone, for tables that say the currency once."""
        value = Decimal(minor or 0).scaleb(-self.digits)
        return self._digits(_written(self._amounts, value))

    def count(self, number: int | None) -> str:
        return self._digits(_written(self._grouping, Decimal(number or 0)))

    def file_size(self, size_bytes: int) -> str:
        """71 kB, 8.7 MB."""
        if size_bytes < 1_000_000:
            return f"{self.count(-(-size_bytes // 1_000))} kB"
        return f"{_written(self._grouping + '.0', Decimal(size_bytes).scaleb(-6))} MB"

    def money(self, minor: int | None) -> Markup:
        """An amount that stands alone, with its currency before it."""
        return Markup('<span class="unit">{}</span> {}').format(self.currency, self.amount(minor))

    def money_text(self, minor: int | None) -> str:
        return f"{self.currency} {self.amount(minor)}"

    def plain_amount(self, minor: int | None) -> str:
        """As an input holds it: 1050.00."""
        return f"{Decimal(minor or 0).scaleb(-self.digits):.{self.digits}f}"

    def percent(self, part: int, whole: int) -> str:
        """A share in percent, with one decimal below ten; never 100 % while something is open."""
        if whole <= 0:
            return "0%"
        share = part * 100 / whole
        if share < 10:
            return f"{share:.1f}".removesuffix(".0") + "%"
        return f"{min(int(share), 99) if part < whole else 100}%"

    def day(self, value: date | str | None) -> str:
        """10 Dec."""
        return self._dated(value, "d MMM")

    def day_year(self, value: date | str | None) -> str:
        """10 Dec 2026."""
        return self._dated(value, "d MMM y")

    def day_full(self, value: date | str | None) -> str:
        """10 December 2026."""
        return self._dated(value, "d MMMM y")

    def day_typed(self, value: date | str | None) -> str:
        """10/12/2026, as a field holds it and reads it back."""
        return with_latin_digits(self._dated(value or None, "dd/MM/y"))

    def day_entered(self, value: date | str | None) -> str:
        """A day as a field holds it; what was typed and is no day stays as it was typed."""
        try:
            return self.day_typed(value)
        except ValueError:
            return str(value)

    def month(self, period: str | None) -> str:
        """December 2026, from `2026-12`."""
        return self._dated(f"{period}-01", "MMMM y") if period else ""

    def month_short(self, period: str | None) -> str:
        """Dec 2026."""
        return self._dated(f"{period}-01", "MMM y") if period else ""

    def month_name(self, month: int) -> str:
        """Dec, from 12."""
        return self._dated(date(2026, month, 1), "MMM")

    def moment(self, value: datetime | str | None) -> str:
        """14 Dec, 14:02 in the ISP's time zone."""
        return self._timed(value, "d MMM, HH:mm")

    def moment_year(self, value: datetime | str | None) -> str:
        return self._timed(value, "d MMM y, HH:mm")

    def clock(self, value: datetime | str | None) -> str:
        """14:02:11."""
        return self._timed(value, "HH:mm:ss")

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def _dated(self, value: date | str | None, pattern: str) -> str:
        if value is None:
            return ""
        day = self._day_of(value)
        return self._digits(_day_written(day, pattern, str(self.locale)))

    def _day_of(self, value: date | str) -> date:
        """A day by itself; of a moment the day that it has in the ISP's time zone."""
        if isinstance(value, str):
            value = (
                datetime.fromisoformat(value) if len(value) > len("2026-12-31") else date.fromisoformat(value)
            )
        return _in_reach(value).astimezone(self.zone).date() if isinstance(value, datetime) else value

    def _timed(self, value: datetime | str | None, pattern: str) -> str:
        if value is None:
            return ""
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return self._digits(format_datetime(_in_reach(moment), pattern, tzinfo=self.zone, locale=self.locale))

    def _digits(self, text: str) -> str:
        return with_digits_of(self.language, text) if self.for_customers else text


def _in_reach(moment: datetime) -> datetime:
    """A time in UTC that any zone can be added to: one row at the end of time must not close its page."""
    if moment.year > LAST_YEAR:
        return datetime(LAST_YEAR, 12, 31, tzinfo=UTC)
    return datetime(FIRST_YEAR, 1, 1, tzinfo=UTC) if moment.year < FIRST_YEAR else moment.astimezone(UTC)


@lru_cache(maxsize=4_096)
def _day_written(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=64)
def _pattern(pattern: str):  # type: ignore[no-untyped-def]
    return parse_pattern(pattern)


@lru_cache(maxsize=20_000)
def _written(pattern: str, value: Decimal) -> str:
    return str(_pattern(pattern).apply(value, "en", numbering_system="latn")).replace("-", "−")


@lru_cache(maxsize=20_000)
def mobile(number: str | None) -> str:
    """As people of the country write it: 01711-000412."""
    return _mobile(number, phonenumbers.PhoneNumberFormat.NATIONAL)


@lru_cache(maxsize=20_000)
def mobile_international(number: str | None) -> str:
    """+880 1711-000412."""
    return _mobile(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _mobile(number: str | None, form: int) -> str:
    if not number:
        return ""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), form)
    except phonenumbers.NumberParseException:
        return number
