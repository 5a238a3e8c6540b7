"""Which rows of a list a page shows: a keyset page knows its neighbours, and is told where it begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def around(
    address: Any,
    listed: Mapping[str, Any],
    size: int,
    place_of: Callable[[Mapping[str, Any], str], str],
) -> dict[str, Any]:
    """Return what the pager of a list shows that is read both ways: its first row and the pages around.

    `listed` has the rows as they are shown; read backwards, there is a next page for sure. `place_of` answers
    the cursor that goes on after a row in an order.
    """
    items, more = listed["items"], listed["next_cursor"] is not None
    has_previous = more if address.before else bool(address.cursor)
    has_next = bool(address.before) or more
    count = listed["totals"]["count"] if listed["totals"]["exact"] else None
    first = first_row(address.row, len(items), count, not has_previous, not has_next)
    before = after = ""
    if items:
        before = address.to(before=place_of(items[0], opposite(address.sort)), row=max(first - size, 1))
        after = address.to(cursor=place_of(items[-1], address.sort), row=first + len(items))
    return {
        "first_row": first,
        "first_page": address.to() if has_previous else "",
        "previous_page": before if has_previous else "",
        "next_page": after if has_next else "",
    }


def opposite(sort: str) -> str:
    """The same column the other way round."""
    return sort[1:] if sort.startswith("-") else f"-{sort}"


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
