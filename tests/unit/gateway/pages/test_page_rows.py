"""A pager says which rows it shows, and sets itself right where the list begins and ends."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gateway.pages.page_rows import first_row, forwards
from gateway.pages.web import render


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


def test_a_list_that_is_read_forwards_says_where_its_pages_begin() -> None:
    first = forwards({}, "/runs", "abc", 50)
    assert first == {"first_row": 1, "first_page": "", "next_page": "/runs?cursor=abc&row=51"}
    second = forwards({"cursor": "abc", "row": "51"}, "/runs?kind=x", None, 7)
    assert second == {"first_row": 51, "first_page": "/runs?kind=x", "next_page": ""}
    for odd in ("0", "-1", "x", "9" * 30, "٣", ""):
        assert forwards({"cursor": "abc", "row": odd}, "/runs", None, 7)["first_row"] == 2
    assert forwards({"cursor": "abc", "row": "51"}, "/runs", None, 7, 40)["first_row"] == 34


def test_every_pager_says_which_rows_it_shows() -> None:
    templates = Path(render.TEMPLATES)
    for file in templates.rglob("*.html"):
        text = file.read_text()
        if "{{ page_links(" in text:
            assert "rows_shown(first" in text, file.name
