"""Cells that no spreadsheet takes for a formula, and what they were before: one undoes the other."""

from __future__ import annotations

import re

# A text that begins like a formula, whatever apostrophes stand before it.
_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]", re.DOTALL)
# A mobile or a signed number harms nobody and stays what programs can read.
_SIGNED_NUMBER = re.compile(r"[+-][0-9]+([.,][0-9]+)*")


def neutral(text: str) -> str:
    """Return the text with one apostrophe before it where a spreadsheet would run it."""
    if _SIGNED_NUMBER.fullmatch(text) or not _LIKE_A_FORMULA.match(text):
        return text
    return f"'{text}"


def original(text: str) -> str:
    """Return the text without the one apostrophe that `neutral` put before it."""
    return text[1:] if text.startswith("'") and _LIKE_A_FORMULA.match(text[1:]) else text
