"""File names that a person gave rise to, safe on every system and in every script."""

from __future__ import annotations

import re
import unicodedata

_NOT_IN_A_FILE_NAME = re.compile(r'[\\/:*?"<>|\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+')
_LONGEST_FILE_NAME_BYTES = 180
_THE_JOINERS = "\u200c\u200d"  # Bengali is misspelt without them


def file_name(number: str, name: str, ending: str = ".pdf") -> str:
    """As a person saves it: "SDG-000137 Meghna Traders.pdf", in whatever script, safe on every system."""
    kept = "".join(
        letter
        for letter in unicodedata.normalize("NFC", f"{number} {name}")
        if letter in _THE_JOINERS or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    parts = re.split(r"(\u200c|\u200d)", kept)
    kept = "".join(part if part in _THE_JOINERS else _NOT_IN_A_FILE_NAME.sub(" ", part) for part in parts)
    cut = " ".join(kept.split()).encode()[:_LONGEST_FILE_NAME_BYTES].decode(errors="ignore")
    return (cut.strip(" .") or "document") + ending
