"""Mobiles: one number however it is written, and each thing that is none said for what it is."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.values.mobiles import (
    LostDigits,
    Mobile,
    NoMobile,
    NotMobile,
    TooManyDigits,
    TooShort,
    read_mobile,
)

NUMBER = "+8801700000011"


@pytest.mark.parametrize(
    "text",
    [
        "01700000011",
        "01700-000011",
        "'01700000011",
        '="01700000011"',
        "008801700000011",
        "+880 1700-000011",
        "8801700000011",
        "+8801700000011",
        "০১৭০০০০০০১১",
        "\u202a+880 1700 000011\u202c",
        "01700\u00a0000011",
        "8801700000011.0",
        "(01700) 000011",
    ],
)
def test_a_mobile_is_one_number_however_it_is_written(text: str) -> None:
    assert read_mobile(text, "BD") == Mobile(NUMBER)


@pytest.mark.parametrize("text", ["1700000011", "1700-000011", "1700000011.0"])
def test_a_zero_that_a_spreadsheet_took_is_put_back_and_said(text: str) -> None:
    assert read_mobile(text, "BD") == Mobile(NUMBER, zero_restored=True)


@pytest.mark.parametrize("text", ["", " ", "N/A", "n/a", "-", "null", "#N/A", "NULL", "--", '=""'])
def test_a_filler_is_no_number_and_no_fault(text: str) -> None:
    assert read_mobile(text, "BD") is None


@pytest.mark.parametrize(
    "text",
    [
        "01700000011, 01800000012",
        "01700000011/01800000012",
        "01700000011 01800000012",
        "01700000011\n01800000012",
        "01700000011 or 01800000012",
    ],
)
def test_of_two_numbers_in_a_cell_the_first_is_taken_and_the_second_kept(text: str) -> None:
    assert read_mobile(text, "BD") == Mobile(NUMBER, "+8801800000012")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("0170000001", TooShort),
        ("12", TooShort),
        ("017000000111", TooManyDigits),
        ("01200000011", NotMobile),
        ("029876543", NotMobile),
        ("8.80170E+12", LostDigits),
        ("1,7E+09", LostDigits),
        ("ask his brother", NoMobile),
        ("0170000x011", NoMobile),
        ("+", NoMobile),
    ],
)
def test_what_is_no_mobile_says_why(text: str, error: type[NoMobile]) -> None:
    with pytest.raises(error) as caught:
        read_mobile(text, "BD")
    assert "{" not in caught.value.detail


@given(
    line=some.integers(0, 99_999_999),
    operator=some.sampled_from("3456789"),
    form=some.sampled_from([0, 1, 2, 3]),
)
def test_a_mobile_that_is_shown_can_be_typed_back(line: int, operator: str, form: int) -> None:
    number = phonenumbers.parse(f"+8801{operator}{line:08d}")
    read = read_mobile(phonenumbers.format_number(number, form), "BD")
    assert read is not None
    assert read.number == f"+8801{operator}{line:08d}"


@given(text=some.text())
def test_any_text_is_a_mobile_nothing_or_says_why_not(text: str) -> None:
    outcome = _outcome(text)
    assert outcome is None or (outcome if isinstance(outcome, str) else outcome.number.startswith("+"))


def _outcome(text: str) -> Mobile | str | None:
    try:
        return read_mobile(text, "BD")
    except NoMobile as error:
        return error.detail
