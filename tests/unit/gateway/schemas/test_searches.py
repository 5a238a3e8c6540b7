"""A search is read as what the read model keeps, however it was typed or copied."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.pages.web.formats import mobile, mobile_international
from gateway.schemas.searches import is_long_enough, read_search
from shared.values.countries import country_of

KEPT = "nusrat jahan mim\nplb-20417\n+8801309328954"


def finds(text: str, kept: str = KEPT) -> bool:
    ways = read_search(text, country_of("BDT")).ways
    return any(all(word in kept for word in way) for way in ways)


@pytest.mark.parametrize(
    "text",
    [
        "01309-328954", "+880 1309 328954", "+880 1309-328954", "8801309328954", "008801309328954",
        "০১৩০৯-৩২৮৯৫৪", "01309\u00a0328954", " 01309 328 954 ", "(01309) 328954", "328954", "01309",
        "Nusrat Mim", "mim  nusrat", "PLB-20417", "nusrat 01309-328954", "Jahan\u00a0Mim", "20417 nusrat",
    ],
)  # fmt: skip
def test_what_a_row_shows_finds_it(text: str) -> None:
    assert finds(text)


@pytest.mark.parametrize("text", ["01309-328955", "Nusrat Karim", "PLB-20418", "মিম নুসরাত"])
def test_what_it_does_not_show_finds_nothing(text: str) -> None:
    assert not finds(text)


@given(st.integers(1_300_000_000, 1_999_999_999))
def test_every_mobile_is_found_as_it_is_shown(number: int) -> None:
    kept = f"somebody\nx-1\n+880{number}"
    assert finds(mobile(f"+880{number}"), kept)
    assert finds(mobile_international(f"+880{number}"), kept)


@given(st.text(max_size=100))
def test_no_text_breaks_a_search(text: str) -> None:
    for way in read_search(text, "BD").ways:
        assert all(way)


def test_names_with_bengali_digits_are_found_as_they_are_written() -> None:
    assert finds("ঘর ১২", "ঘর ১২\nx-1\n")


def test_blanks_are_no_characters_to_search_for() -> None:
    assert not is_long_enough(" ab ")
    assert is_long_enough("abc")
