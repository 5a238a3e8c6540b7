"""What was typed into a search, as what the read model keeps: words, and mobiles as E.164."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata

from shared.values.countries import NO_COUNTRY
from shared.values.texts import one_line, with_latin_digits

SHORTEST, LONGEST = 3, 100
MOST_WORDS = 8
# Digits as a mobile is written and copied; what stands between them says nothing.
_LIKE_A_MOBILE = re.compile(r"(?<![^\s])[+(]*[0-9][0-9\s().\u2010-\u2015-]*[0-9](?![^\s])")
_NOT_DIGITS = re.compile(r"[^0-9]")


@dataclass(frozen=True, slots=True)
class Search:
    """The ways to read one search, each as words that all must match; and what a bill number begins with."""

    ways: tuple[tuple[str, ...], ...]
    number: str


def is_long_enough(text: str) -> bool:
    """Whether there is enough to search for."""
    return SHORTEST <= len(one_line(text)) <= LONGEST


def read_search(text: str, country: str) -> Search:
    """Read what was typed: as it is, with Latin digits, and with a mobile in it as it is kept."""
    typed = one_line(unicodedata.normalize("NFKC", text)).lower()
    latin = with_latin_digits(typed)
    ways = [_words(typed), _words(latin)]
    if found := _LIKE_A_MOBILE.search(latin):
        rest = latin[: found.start()] + " " + latin[found.end() :]
        fragment = _as_kept(found[0], country)
        if len(fragment) >= SHORTEST:
            ways.append((fragment, *_words(rest)))
    return Search(tuple(dict.fromkeys(way for way in ways if way)), latin)


def _words(text: str) -> tuple[str, ...]:
    """The words, in any order; as one where each is too short for the index to know it."""
    words = tuple(dict.fromkeys(text.split()))[:MOST_WORDS]
    return words if any(len(word) >= SHORTEST for word in words) else (text,) if text.strip() else ()


def _as_kept(number: str, country: str) -> str:
    """The digits of a mobile, or of its beginning or end, as they stand in E.164."""
    digits = _NOT_DIGITS.sub("", number)
    code, trunk = _prefixes(country)
    if digits.startswith("00"):
        return "+" + digits[2:]
    if number.startswith("+"):
        return "+" + digits
    if trunk and digits.startswith(trunk):
        return f"+{code}{digits.removeprefix(trunk)}"
    return digits


@lru_cache
def _prefixes(country: str) -> tuple[str, str]:
    """The country's calling code, and what is dialled before a number at home."""
    if country == NO_COUNTRY:
        return "", ""
    metadata = PhoneMetadata.metadata_for_region(country, None)
    return str(phonenumbers.country_code_for_region(country)), (metadata and metadata.national_prefix) or ""
