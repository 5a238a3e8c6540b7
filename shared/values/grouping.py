"""How digits are grouped: one rule for pages, papers, messages and sheets."""

from __future__ import annotations

from babel.numbers import get_currency_precision

# Where people count in lakhs and crores: 1,05,000.00.
LAKH_CURRENCIES = frozenset({"BDT", "INR", "NPR", "PKR"})


def counts_in_lakhs(currency: str) -> bool:
    """Whether amounts and counts of an installation with this currency are grouped in lakhs and crores."""
    return currency in LAKH_CURRENCIES


def grouped(whole: int, currency: str) -> str:
    """Return a whole number from zero as it is written in the currency's country: 1,00,000 or 100,000."""
    thousands = f"{whole:,}"
    if not counts_in_lakhs(currency) or len(thousands) <= len("99,999"):
        return thousands
    head, last = str(whole)[:-3], str(whole)[-3:]
    pairs = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)]
    return ",".join([*reversed(pairs), last])


def amount(minor: int, currency: str) -> str:
    """Return an amount from zero as digits alone, with the currency's decimals: 1,05,000.00."""
    places = get_currency_precision(currency)
    whole, rest = divmod(minor, 10**places)
    return grouped(whole, currency) + (f".{rest:0{places}d}" if places else "")
