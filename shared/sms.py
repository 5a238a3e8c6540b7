"""Text messages: rendering, segments, and the texts that everybody starts with.

Pure, and shared by those who send and those who show beforehand what will be sent.
Source: 3GPP TS 23.038 (alphabet), TS 23.040 (parts of a longer message).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from shared.values.texts import one_line

Encoding: TypeAlias = Literal["GSM-7", "UCS-2"]

MOST_SEGMENTS = 8
LONGEST_TEMPLATE = 600
PLACEHOLDERS = ("customer", "code", "period", "number", "balance", "amount", "due", "isp", "link")
# Without its link a message of these has no use.
NEEDS_LINK = frozenset({"payment-link", "portal-address"})

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_ONE_PART: Mapping[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
_EACH_PART: Mapping[Encoding, int] = {"GSM-7": 153, "UCS-2": 67}
# Typed by word processors and telephones; one of them would more than double the cost of a text.
_PLAIN = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u202f": " ",
    }
)
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_MANY_BLANKS = re.compile(r" {2,}")
_LONGEST_VALUE = 60
_SHORTENED_VALUE = 20


class TextRefused(ValueError):
    """A template that cannot be sent; the message says why."""


@dataclass(frozen=True, slots=True)
class Size:
    """The length of a text: units (septets or UTF-16 units), and in how many parts it goes."""

    encoding: Encoding
    units: int
    segments: int

    @property
    def is_unicode(self) -> bool:
        """Whether a gateway must be told that the text is Unicode."""
        return self.encoding == "UCS-2"

    @property
    def room(self) -> int:
        """The units that this many parts hold."""
        if self.segments <= 1:
            return _ONE_PART[self.encoding]
        return self.segments * _EACH_PART[self.encoding]


def size_of(text: str) -> Size:
    """Return what a text takes; a character of two units never stands across two parts."""
    encoding = encoding_of(text)
    units = sum(_units(text, encoding))
    if units <= _ONE_PART[encoding]:
        return Size(encoding, units, 1 if text else 0)
    return Size(encoding, units, 1 + max(part for part, _ in _places(text, encoding)))


def encoding_of(text: str) -> Encoding:
    """GSM-7 where every character is of its alphabet, else UCS-2: any Bengali letter, ৳, an emoji."""
    return "GSM-7" if all(each in _BASIC or each in _EXTENSION for each in text) else "UCS-2"


def check_template(template: str, text: str) -> None:
    """Refuse a text with an unknown placeholder, without the link that it is for, or too long to be sent."""
    if not text.strip():
        raise TextRefused("The text is empty.")
    if len(text) > LONGEST_TEMPLATE:
        raise TextRefused(f"The text has more than {LONGEST_TEMPLATE} characters.")
    if any(ord(each) < 32 and each != "\n" for each in text):
        raise TextRefused("The text holds characters that cannot be shown.")
    names = _PLACEHOLDER.findall(text)
    for name in names:
        if name not in PLACEHOLDERS:
            raise TextRefused(f"{{{name}}} stands for nothing; use one of {_listed()}.")
    if names.count("link") > 1:
        raise TextRefused("{link} may stand in the text once.")
    if template in NEEDS_LINK and "link" not in names:
        raise TextRefused("{link} must stand in the text: it is what the customer opens.")


def render(text: str, values: Mapping[str, str], link: str | None = None) -> str:
    """Return the text with its placeholders filled, the link whole and apart.

    Names that are too long for the text are cut; a link never is. Raises TextRefused when it is still too
    long.
    """
    for longest in (_LONGEST_VALUE, _SHORTENED_VALUE):
        filled = _fill(text, values, link, longest)
        if size_of(filled).segments <= MOST_SEGMENTS:
            return filled
    raise TextRefused(f"The message would take more than {MOST_SEGMENTS} parts.")


def _fill(text: str, values: Mapping[str, str], link: str | None, longest: int) -> str:
    # Apart before the values come in: a customer may be called {link}.
    before, marker, after = text.partition("{link}")
    before, after = (_with_values(part, values, longest) for part in (before, after))
    if encoding_of((before + after).translate(_PLAIN)) == "GSM-7":
        before, after = before.translate(_PLAIN), after.translate(_PLAIN)
    before, after = _MANY_BLANKS.sub(" ", before).lstrip(), _MANY_BLANKS.sub(" ", after).rstrip()
    if not (marker and link):
        return _MANY_BLANKS.sub(" ", f"{before} {after}").strip()
    if before and not before[-1].isspace():
        before += " "
    if after and not after[0].isspace():
        after = f" {after}"
    return before + link + after


def _with_values(text: str, values: Mapping[str, str], longest: int) -> str:
    return _PLACEHOLDER.sub(lambda found: _short(one_line(values.get(found[1], "")), longest), text)


def _short(value: str, longest: int) -> str:
    """Cut between whole letters: a vowel sign belongs to the letter before it."""
    if len(value) <= longest:
        return value
    while longest and unicodedata.category(value[longest]).startswith("M"):
        longest -= 1
    return value[:longest].rstrip()


def _places(text: str, encoding: Encoding) -> Iterator[tuple[int, int]]:
    """The part that each character stands in, and its place there."""
    part, place = 0, 0
    for units in _units(text, encoding):
        if place + units > _EACH_PART[encoding]:
            part, place = part + 1, 0
        yield part, place
        place += units


def _units(text: str, encoding: Encoding) -> Iterator[int]:
    if encoding == "GSM-7":
        return (2 if each in _EXTENSION else 1 for each in text)
    return (2 if ord(each) > 0xFFFF else 1 for each in text)


def _listed() -> str:
    return ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)


DEFAULT_TEXTS: Mapping[tuple[str, str], str] = {
    ("payment-link", "en"): (
        "Dear {customer}, your {period} bill {number} of BDT {balance} is due {due}. Pay: {link} - {isp}"
    ),
    ("payment-link", "bn"): "{customer}, {period} বিল {balance} টাকা, শেষ দিন {due}। দিন: {link} - {isp}",
    ("reminder", "en"): (
        "Dear {customer}, BDT {balance} of your {period} bill is due {due}. Pay: {link} - {isp}"
    ),
    ("reminder", "bn"): "{customer}, {balance} টাকা বাকি, শেষ দিন {due}। দিন: {link} - {isp}",
    ("payment-received", "en"): "Dear {customer}, we received BDT {amount}. Thank you. - {isp}",
    ("payment-received", "bn"): "{customer}, আপনার {amount} টাকা পেয়েছি। ধন্যবাদ। - {isp}",
    ("portal-address", "en"): "Dear {customer}, your bills and receipts: {link} - {isp}",
    ("portal-address", "bn"): "{customer}, আপনার বিল ও রসিদ: {link} - {isp}",
    ("test", "en"): "A test message from {isp}: your SMS gateway works.",
    ("test", "bn"): "{isp} থেকে পরীক্ষামূলক বার্তা: আপনার এসএমএস গেটওয়ে কাজ করছে।",
}
