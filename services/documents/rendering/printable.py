"""What no paper and no XML can hold is left out of every text."""

from __future__ import annotations

import itertools
from typing import Any

# What XML cannot hold, and what would turn the letters around it: never part of a name or an address.
NEVER_PRINTED = dict.fromkeys(
    itertools.chain(
        (11, 12, 0xFFFE, 0xFFFF),
        *(range(*bounds) for bounds in ((0, 9), (14, 32), (0x7F, 0xA0), (0xD800, 0xE000))),
        *(range(*bounds) for bounds in ((0x202A, 0x202F), (0x2066, 0x206A))),
    )
)


def printable(text: Any) -> Any:
    """Return a text without them; what is no text as it is."""
    return text.translate(NEVER_PRINTED) if type(text) is str else text
