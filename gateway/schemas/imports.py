"""Customers files: any usual separator, read line by line; what cannot be read is refused with its line.

Every cell goes through the readers that pages and API use. An empty cell keeps what is there, `(clear)`
empties it, and all that is wrong with a line is told at once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args
from zoneinfo import ZoneInfo

from typing_extensions import TypedDict

from gateway.problems import Problem, wrong
from gateway.schemas.answers import FieldError, answer
from shared.contracts.catalog import CODE, BillingCycle, CustomerLine, CustomerStatus
from shared.ids import new_id
from shared.values.days import read_day
from shared.values.mobiles import read_mobile
from shared.values.texts import TooLong, is_filler, lookup_key, one_line, read_name, several_lines
from shared.values.unreadable import Unreadable

COLUMNS = ("code", "name", "mobile", "address", "operator", "package", "status", "billing_cycle", "since")
MEDIA = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
CHUNK_LINES = 500
MOST_WARNINGS = 1_000
LONGEST_ADDRESS = 500
CLEAR = "(clear)"
CLEARABLE = frozenset({"mobile", "address"})
_SEPARATORS = ",;\t|"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@answer
class RefusedLine(TypedDict):
    """A line that was not taken, with all that is wrong with it."""

    line: int
    """The line, as a spreadsheet counts."""
    code: str
    """The customer's code, as far as it could be read."""
    reasons: list[FieldError]
    """What is wrong, field by field."""


@answer
class Warned(TypedDict):
    """A line that was taken with a doubt."""

    line: int
    """The line, as a spreadsheet counts."""
    code: str
    """The customer's code."""
    detail: str
    """What was made of it."""


@answer
class Report(TypedDict):
    """What became of each line: read = created + updated + unchanged + refused."""

    read: int
    """How many lines were read."""
    created: int
    """New customers."""
    updated: int
    """Customers that were changed."""
    unchanged: int
    """Customers that were so already."""
    refused: list[RefusedLine]
    """The lines that were not taken."""
    warnings: list[Warned]
    """The lines that were taken with a doubt."""


class NoCode(Unreadable):
    """“{text}” is no code: letters, digits and . _ / - without blanks, at most 40."""


class OneOf(Unreadable):
    """“{text}” is none of {suggestion}."""


class NotCleared(Unreadable):
    """This cannot be cleared; leave the cell empty to keep what is there."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the installation is: whose mobiles and whose days a file writes."""

    country: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines that can be sent, those that cannot, and what was understood with a doubt; by line."""

    lines: list[CustomerLine] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def chunks(self) -> Iterator[Sequence[CustomerLine]]:
        """Lines in the portions that travel."""
        for start in range(0, len(self.lines), CHUNK_LINES):
            yield self.lines[start : start + CHUNK_LINES]

    def refuse(self, line: int, code: str, reasons: Sequence[tuple[str, str]]) -> None:
        """Count a line as refused, with all that is wrong with it."""
        self.refused.append(refusal(line, code, reasons))

    def warn(self, line: int, code: str, detail: str) -> None:
        """Say what was understood with a doubt."""
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append({"line": line, "code": code, "detail": detail})


def refusal(line: int, code: str, reasons: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A refused line as reports carry it: each wrong cell, and all of them as one text."""
    return {
        "line": line,
        "code": code,
        "reason": "; ".join(f"{name}: {detail}" if name else detail for name, detail in reasons),
        "reasons": [{"field": name, "detail": detail} for name, detail in reasons],
    }


def read_customers(raw: bytes, place: Place) -> Reading:
    """Read a file; the whole of it is refused when it is no text or has other columns."""
    text = _decode(raw)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    reading = Reading()
    seen: dict[tuple[str, str], int] = {}
    try:
        header = [lookup_key(name).replace(" ", "_") for name in next(rows, [])]
        _check(header)
        for row in rows:
            if any(cell.strip() for cell in row):
                _take(reading, seen, header, row, rows.line_num, place)
    except csv.Error as error:
        raise wrong("file", f"Line {rows.line_num} cannot be read: {error}.") from error
    return reading


def _decode(raw: bytes) -> str:
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise wrong("file", "The file is not UTF-8 text.") from error


def _separator(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(_SEPARATORS, key=first.count)


def _check(header: Sequence[str]) -> None:
    missing = [] if "code" in header else ["code"]
    unknown = [name for name in header if name not in COLUMNS]
    if missing or unknown or len(set(header)) != len(header):
        detail = f"The header must be code and what changes, of {','.join(COLUMNS)}."
        raise Problem(422, "invalid", detail, errors=(("header", _difference(missing, unknown) or detail),))


def _difference(missing: Sequence[str], unknown: Sequence[str]) -> str:
    parts = [f"missing: {', '.join(missing)}"] if missing else []
    return "; ".join(parts + ([f"unknown: {', '.join(unknown)[:200]}"] if unknown else []))


def _take(
    reading: Reading,
    seen: dict[tuple[str, str], int],
    header: Sequence[str],
    row: Sequence[str],
    number: int,
    place: Place,
) -> None:
    cells = dict(zip(header, row, strict=False))
    code = one_line(cells.get("code", ""))[:200]
    if len(row) != len(header):
        reading.refuse(number, code, [("", f"{len(row)} cells instead of {len(header)}")])
        return
    values, reasons, doubts = _read_cells(cells, place)
    if reasons:
        reading.refuse(number, code, reasons)
        return
    named = (lookup_key(values.get("operator") or ""), code)
    if named in seen:
        reading.refuse(number, code, [("code", f"the same code is on line {seen[named]}")])
        return
    seen[named] = number
    reading.lines.append(CustomerLine(line=number, customer_id=new_id(), **values))
    for doubt in doubts:
        reading.warn(number, code, doubt)


def _read_cells(
    cells: Mapping[str, str], place: Place
) -> tuple[dict[str, Any], list[tuple[str, str]], list[str]]:
    """Return what the cells say, what is wrong with which of them, and what was understood with a doubt."""
    values: dict[str, Any] = {"clear": ()}
    reasons: list[tuple[str, str]] = []
    doubts: list[str] = []
    for name, cell in cells.items():
        try:
            if one_line(cell).casefold() == CLEAR:
                values["clear"] += (_cleared(name),)
            elif name == "mobile":
                values[name] = _mobile(cell, place, doubts)
            elif name == "since":
                values[name] = None if is_filler(cell) else read_day(cell, "day_first", place.zone)
            elif name == "code" or not is_filler(cell):
                values[name] = _READERS[name](_unquoted(cell))
        except Unreadable as error:
            reasons.append((name, error.detail))
    return values, reasons, doubts


def _cleared(name: str) -> str:
    if name not in CLEARABLE:
        raise NotCleared(CLEAR)
    return name


def _mobile(cell: str, place: Place, doubts: list[str]) -> str | None:
    mobile = read_mobile(cell, place.country)
    if mobile is None:
        return None
    if mobile.zero_restored:
        doubts.append(f"mobile: “{one_line(cell)}” had lost its leading zero and was read as {mobile.number}")
    if mobile.alternate:
        doubts.append(f"mobile: of two numbers {mobile.number} is kept, {mobile.alternate} is not")
    return mobile.number


def _unquoted(cell: str) -> str:
    """Take off the one apostrophe with which our own files keep a text from being a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in _FORMULA_STARTS else cell


def _read_code(cell: str) -> str:
    code = one_line(cell)
    if not CODE.fullmatch(code):
        raise NoCode(code)
    return code


def _read_address(cell: str) -> str:
    address = several_lines(cell)
    if len(address) > LONGEST_ADDRESS:
        raise TooLong(address, str(LONGEST_ADDRESS))
    return address


def _read_one_of(*known: str) -> Callable[[str], str]:
    def read(cell: str) -> str:
        word = one_line(cell).casefold()
        if word not in known:
            raise OneOf(one_line(cell), ", ".join(known))
        return word

    return read


_READERS: Mapping[str, Callable[[str], str]] = {
    "code": _read_code,
    "name": read_name,
    "address": _read_address,
    "operator": read_name,
    "package": read_name,
    "status": _read_one_of(*get_args(CustomerStatus)),
    "billing_cycle": _read_one_of(*get_args(BillingCycle)),
}
