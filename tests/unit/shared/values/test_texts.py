"""Texts: blanks squeezed, invisible marks gone, Bengali conjuncts whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.values.texts import (
    Missing,
    MixedAlphabets,
    TooLong,
    TwoLines,
    is_filler,
    lookup_key,
    one_line,
    read_name,
    several_lines,
    with_latin_digits,
)
from shared.values.unreadable import Unreadable


@pytest.mark.parametrize(
    "text",
    ["  Rahima   Begum ", "Rahima\u00a0Begum", "Rahima\tBegum", "\u200bRahima \u202eBegum", "Ｒahima Begum"],
)
def test_a_name_is_kept_as_it_reads(text: str) -> None:
    assert read_name(text) == "Rahima Begum"


def test_the_joiners_of_bengali_stay_where_they_shape_letters() -> None:
    assert read_name("র\u200d্যাব") == "র\u200d্যাব"
    assert read_name("Admin\u200d\u200c") == "Admin"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", Missing),
        (" \u200b ", Missing),
        ("Аdministrator", MixedAlphabets),
        ("a" * 201, TooLong),
        ("A\nB", TwoLines),
    ],
)
def test_a_name_that_deceives_or_does_not_fit_is_refused(text: str, error: type[Unreadable]) -> None:
    with pytest.raises(error):
        read_name(text)


def test_a_name_may_be_of_two_scripts_that_nobody_confuses() -> None:
    assert read_name("Meghna মেঘনা Traders") == "Meghna মেঘনা Traders"
    assert read_name("Иван") == "Иван"


def test_an_address_keeps_its_lines() -> None:
    assert several_lines(" House 5 \r\n\r\nRoad  7 ") == "House 5\nRoad 7"


@pytest.mark.parametrize("text", ["N/A", "-", "null", "#N/A", "", "  "])
def test_fillers_are_nothing(text: str) -> None:
    assert is_filler(text)


def test_names_are_found_whatever_case_and_blanks() -> None:
    assert lookup_key(" home\u00a0 20 ") == lookup_key("Home 20")


@given(text=some.text())
def test_squeezing_twice_changes_nothing_more(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert several_lines(several_lines(text)) == several_lines(text)


@given(number=some.integers(0, 10**12))
def test_digits_of_both_languages_are_one_number(number: int) -> None:
    bengali = str(number).translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))
    assert with_latin_digits(bengali) == str(number)
