"""Amounts: commas group, points divide, and what could mean two things is refused with what to write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.values.amounts import (
    GREATEST_MINOR,
    BlankInAmount,
    CommaForDecimals,
    NotAnAmount,
    NotPositive,
    OddGroups,
    OtherCurrency,
    TooManyDecimals,
    TooMuch,
    read_amount,
    read_percentage,
)


@pytest.mark.parametrize(
    "text",
    [
        "1050",
        "1050.00",
        "1,050.00",
        "1050.",
        "১০৫০",
        "১,০৫০.০০",
        "৳ 1,050.00",
        "৳1050",
        "BDT 1050",
        "bdt1,050",
        "1050 BDT",
        "Tk. 1050",
        "1050 টাকা",
        "1,050/-",
        "\u00a01050\u200f",
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str) -> None:
    assert read_amount(text, "BDT") == 105_000


@pytest.mark.parametrize(
    ("text", "minor"),
    [("1,00,000", 10_000_000), ("1,23,45,678.90", 1_234_567_890), ("1,234,567.8", 123_456_780), (".5", 50)],
)
def test_both_ways_of_grouping_are_read(text: str, minor: int) -> None:
    assert read_amount(text, "BDT") == minor


@pytest.mark.parametrize(
    ("text", "error", "suggestion"),
    [
        ("1.000,00", CommaForDecimals, "1,000.00"),
        ("799,50", CommaForDecimals, "799.50"),
        ("7 99", BlankInAmount, "799"),
        ("1,2,3", OddGroups, "123"),
        ("10,00,00", OddGroups, "100000"),
        (",5", OddGroups, "5"),
        ("1.050.00", NotAnAmount, ""),
        ("1050.005", TooManyDecimals, "2"),
        ("USD 10", OtherCurrency, "BDT"),
        ("10 USD", OtherCurrency, "BDT"),
        ("-10", NotPositive, ""),
        ("−10", NotPositive, ""),
        ("0", NotPositive, ""),
        ("0.00", NotPositive, ""),
        ("90071992547409.92", TooMuch, ""),
        ("1e3", NotAnAmount, ""),
        ("ten", NotAnAmount, ""),
        (".", NotAnAmount, ""),
        ("", NotAnAmount, ""),
        ("NaN", NotAnAmount, ""),
    ],
)
def test_what_is_no_amount_says_what_to_write(text: str, error: type[NotAnAmount], suggestion: str) -> None:
    with pytest.raises(error) as caught:
        read_amount(text, "BDT")
    assert caught.value.suggestion == suggestion
    assert "{" not in caught.value.detail


def test_nothing_is_a_price_where_the_caller_says_so() -> None:
    assert read_amount("0.00", "BDT", least_minor=0) == 0
    with pytest.raises(NotAnAmount):
        read_amount("", "BDT", least_minor=0)


def test_a_currency_without_decimals_takes_none() -> None:
    assert read_amount("1,050", "JPY", digits=0) == 1_050
    with pytest.raises(TooManyDecimals):
        read_amount("1,050.5", "JPY", digits=0)


@given(text=some.text())
def test_any_text_is_an_amount_or_says_why_not(text: str) -> None:
    outcome = _outcome(text)
    assert outcome if isinstance(outcome, str) else 1 <= outcome <= GREATEST_MINOR


def _outcome(text: str) -> int | str:
    try:
        return read_amount(text, "BDT")
    except NotAnAmount as error:
        return error.detail


@pytest.mark.parametrize(
    ("text", "points"), [("7.5", 750), ("7.5 %", 750), ("১৫%", 1_500), ("0", 0), ("100", 10_000)]
)
def test_a_percentage_is_read_to_the_basis_point(text: str, points: int) -> None:
    assert read_percentage(text) == points
