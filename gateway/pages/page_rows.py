"""Which rows of a list a page shows: a keyset page knows its neighbours, and is told where it begins."""

from __future__ import annotations


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
