"""Texts as people type and paste them: blanks squeezed, invisible marks gone, fillers known as nothing."""

from __future__ import annotations

import re
import unicodedata

from shared.values.unreadable import Unreadable

_DASHES = ("-", "--", "---", "–", "—", ".")
_NOTHINGS = ("null", "nil", "none", "undefined", "nan", "(null)", "(empty)", "n/a", "na", "#n/a", "#n/d")
FILLERS = frozenset((*_DASHES, *_NOTHINGS))
_BENGALI = "০১২৩৪৫৬৭৮৯"
DIGITS = {ord(digit): str(number) for number, digit in enumerate(_BENGALI)}
_TO_BENGALI = str.maketrans("0123456789", _BENGALI)
# Joiners shape Bengali conjuncts and stay between its letters; nowhere else do they mean anything.
_STRAY_JOINERS = re.compile(r"(?<![\u0980-\u09ff])[\u200c\u200d]|[\u200c\u200d](?![\u0980-\u09ff])")
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_ALIKE_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


class TwoLines(Unreadable):
    """This must be one line."""


class TooLong(Unreadable):
    """This is longer than {suggestion} characters."""


class Missing(Unreadable):
    """This must not be empty."""


class MixedAlphabets(Unreadable):
    """“{text}” mixes letters of several alphabets that look alike; write it in one."""


def _visible(text: str) -> str:
    return _STRAY_JOINERS.sub("", _INVISIBLE.sub("", _CONTROL.sub("", text)))


def one_line(text: str) -> str:
    """Return the text with every run of blanks, line breaks and non-breaking ones too, as one blank."""
    return " ".join(_visible(text).split())


def several_lines(text: str) -> str:
    """Return the text with blanks squeezed in each line and empty lines dropped; the lines stay."""
    lines = (one_line(line) for line in _LINE_BREAK.split(text))
    return "\n".join(line for line in lines if line)


def with_latin_digits(text: str) -> str:
    """Return the text with Bengali and full-width digits as Latin ones."""
    return "".join(
        str(unicodedata.digit(letter)) if letter.isdecimal() and not letter.isascii() else letter
        for letter in text.translate(DIGITS)
    )


def with_digits_of(language: str, text: str) -> str:
    """Return the text with the digits that customers read in this language: Bengali has its own."""
    return text.translate(_TO_BENGALI) if language == "bn" else text


def is_filler(text: str) -> bool:
    """Whether the text stands for nothing, as `N/A`, `-`, `null` or `#N/A` do in other systems' exports."""
    plain = one_line(text).casefold()
    return not plain or plain in FILLERS


def lookup_key(text: str) -> str:
    """Return what two spellings of one name share, whatever their case, blanks and width."""
    return one_line(unicodedata.normalize("NFKC", text)).casefold()


def read_name(text: str, longest: int = 200) -> str:
    """Return a name of one line in its normal form (NFKC).

    Raises Missing, TwoLines, TooLong, or MixedAlphabets where letters that look alike are mixed in one word.
    """
    if len([line for line in _LINE_BREAK.split(text) if line.strip()]) > 1:
        raise TwoLines(text)
    name = one_line(unicodedata.normalize("NFKC", text))
    if not name:
        raise Missing(text)
    if len(name) > longest:
        raise TooLong(name, str(longest))
    for word in name.split():
        if len({script for letter in word if (script := _alike_script(letter))}) > 1:
            raise MixedAlphabets(word)
    return name


def _alike_script(letter: str) -> str | None:
    if letter.isascii():
        return "LATIN" if letter.isalpha() else None
    script = unicodedata.name(letter, "").split(" ", 1)[0]
    return script if script in _ALIKE_SCRIPTS else None
