"""Customers files as people really send them."""

from __future__ import annotations

import pytest

from gateway.problems import Problem
from gateway.schemas.imports import CHUNK_LINES, COLUMNS, read_customers

HEADER = ",".join(COLUMNS)


def _file(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines]).encode()


LINE = "C1,Abdul Rahman,+8801712345678,Dhaka,ISP,Home 20,active,monthly,2026-01-01"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_usual_separator_is_understood(separator: str) -> None:
    raw = b"\xef\xbb\xbf" + _file(LINE).replace(b",", separator.encode())
    reading = read_customers(raw)
    assert [line.name for line in reading.lines] == ["Abdul Rahman"]
    assert reading.refused == []


def test_quotes_hold_separators_and_line_breaks() -> None:
    reading = read_customers(
        _file('C1,"Rahman, Abdul",,"House 1\nRoad 2",ISP,Home 20,active,monthly,2026-01-01')
    )
    assert reading.lines[0].name == "Rahman, Abdul"
    assert reading.lines[0].address == "House 1\nRoad 2"
    assert reading.lines[0].mobile is None


@pytest.mark.parametrize("header", ["code,name", HEADER + ",extra", HEADER.replace("since", "joined"), ""])
def test_wrong_columns_refuse_the_whole_file_naming_the_header(header: str) -> None:
    with pytest.raises(Problem) as refused:
        read_customers(_file(LINE, header=header))
    assert refused.value.status == 422
    assert refused.value.errors[0][0] == "header"


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        read_customers(b"\xff\x00\x80code")
    assert refused.value.status == 422


def test_a_code_that_comes_again_is_refused_on_the_later_line() -> None:
    reading = read_customers(_file(LINE, LINE.replace("Abdul", "Other")))
    assert [line.line for line in reading.lines] == [2]
    assert [(each["line"], each["code"]) for each in reading.refused] == [(3, "C1")]


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace("+8801712345678", "01712"),
        LINE.replace("active", "gone"),
        LINE.replace("2026-01-01", "01/01/2026"),
        LINE.replace("C1", ""),
        LINE + ",more",
        LINE.replace("Abdul Rahman", "A\x00B"),
    ],
)
def test_a_line_that_is_wrong_is_refused_and_its_neighbours_are_not(line: str) -> None:
    reading = read_customers(_file(line, LINE.replace("C1", "C2")))
    assert [each["line"] for each in reading.refused] == [2]
    assert [each.code for each in reading.lines] == ["C2"]


def test_many_lines_travel_in_chunks() -> None:
    reading = read_customers(_file(*(LINE.replace("C1", f"C{n}") for n in range(CHUNK_LINES + 1))))
    assert [len(chunk) for chunk in reading.chunks()] == [CHUNK_LINES, 1]
