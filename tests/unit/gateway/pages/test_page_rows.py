"""A pager says which rows it shows, and sets itself right where the list begins and ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.pages.page_rows import first_row


@given(st.integers(1, 5_000), st.sampled_from([25, 50, 100, 200]))
def test_pages_walked_to_the_end_and_back_count_every_row_once(count: int, size: int) -> None:
    starts = range(0, count, size)
    told = 0
    for start in starts:
        shown = min(size, count - start)
        first = first_row(told, shown, count, start == 0, start + shown == count)
        assert first == start + 1
        told = first + shown
    for start in reversed(starts[:-1]):
        told = first_row(max(first - size, 1), size, count, start == 0, False)
        assert told == start + 1
        first = told


def test_a_list_that_shrank_says_where_its_last_page_is_now() -> None:
    assert first_row(801, 40, 830, False, True) == 791
    assert first_row(801, 40, None, False, True) == 801
    assert first_row(51, 10, 10, True, True) == 1
