"""Which rows of a list a page shows: a keyset page knows its neighbours, and is told where it begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode


def is_row(value: str) -> bool:
    """Whether a text is the number of a row."""
    return value.isascii() and value.isdigit() and 1 <= int(value[:12]) <= 10**9


def first_row(told: int, shown: int, count: int | None, is_first: bool, is_last: bool) -> int:
    """Return the number of a page's first row, from 1.

    `told` is what the page before knew when its link was made. Where the list begins or ends is seen, and
    sets that right; `count` is None where the list was not counted to its end.
    """
    if is_first or not shown:
        return 1
    if is_last and count is not None:
        return max(count - shown + 1, 1)
    return max(told, 2)


def forwards(
    asked: Mapping[str, str], here: str, next_cursor: str | None, shown: int, count: int | None = None
) -> dict[str, Any]:
    """Return what the pager of a list shows that is read forwards alone: its first row and its links.

    `asked` is the query with the place of this page, `here` the address of the list with its filter.
    """
    is_first = not asked.get("cursor")
    told = int(asked["row"]) if is_row(asked.get("row", "")) else 0
    first = first_row(told, shown, count, is_first, not next_cursor)
    place = urlencode({"cursor": next_cursor or "", "row": first + shown})
    return {
        "first_row": first,
        "first_page": "" if is_first else here,
        "next_page": f"{here}{'&' if '?' in here else '?'}{place}" if next_cursor else "",
    }
