"""The installation's country, by whose rules mobiles without a country code are read."""

from __future__ import annotations

from functools import lru_cache

from babel.core import get_global
from babel.numbers import get_territory_currencies

# ISO 3166's user-assigned code, as libphonenumber says "no country": only +… is read.
NO_COUNTRY = "ZZ"


@lru_cache
def country_of(currency: str) -> str:
    """Return the one country with this currency of its own, NO_COUNTRY where several share it."""
    countries = [
        each
        for each in get_global("territory_currencies")
        if get_territory_currencies(each)[:1] == [currency]
    ]
    return countries[0] if len(countries) == 1 else NO_COUNTRY
