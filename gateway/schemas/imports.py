"""Customers files, read line by line; what cannot be read is refused with its line.

Every cell goes through the readers that pages and API use. An empty cell keeps what is there, `(clear)`
empties it, and all that is wrong with a line is told at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from gateway.problems import Problem
from gateway.schemas.import_columns import (
    COLUMNS,
    CYCLE_WORDS,
    DOUBTFUL,
    STATUS_WORDS,
    Layout,
    Options,
    lay_out,
)
from gateway.schemas.import_tables import Row, Table, column_key
from gateway.schemas.neutral import original
from gateway.schemas.unpacking import NO_VALUE
from shared.contracts.catalog import CODE, CustomerLine, LineDefaults, RefusedCell, RefusedLine
from shared.contracts.placement import cell as cell_of
from shared.ids import new_id
from shared.values.days import read_day
from shared.values.mobiles import read_mobile
from shared.values.texts import TooLong, is_filler, lookup_key, one_line, read_name, several_lines
from shared.values.unreadable import Unreadable

__all__ = ["CHUNK_LINES", "COLUMNS", "Options", "Place", "Reading", "read_customers"]

MEDIA = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
CHUNK_LINES = 500
MOST_WARNINGS = 1_000
MOST_REFUSED = 1_000
LONGEST_ADDRESS = 500
LONGEST_FILLER = 12
MOST_REMEMBERED = 10_000
CLEAR = "(clear)"
NUMBERS = ("mobile", "alternate_mobile")
CLEARABLE = frozenset({*NUMBERS, "address"})
_ERRORS = frozenset({"#ref!", "#div/0!", "#name?", "#value!", "#null!", "#num!", "#spill!", "#calc!"})
_TOTAL = re.compile(
    r"((grand\s+|sub[\s-]*)?totals?|sum|(সর্ব)?মোট)\s*[:=]?[\s0-9.,৳]*(customers?|clients?|users?|rows?)?\s*[0-9]*",
    re.IGNORECASE,
)


class NoCode(Unreadable):
    """“{text}” is no code: letters, digits and . _ / - without blanks, at most 40."""


class OneOf(Unreadable):
    """“{text}” is none of {suggestion}."""


class NotCleared(Unreadable):
    """This cannot be cleared; leave the cell empty to keep what is there."""


class SheetError(Unreadable):
    """“{text}” is an error of the spreadsheet; correct its formula."""


class NoValue(Unreadable):
    """The file holds a formula here, but not its value; open it in a spreadsheet and save it."""


class OtherWidth(Unreadable):
    """{text} cells instead of {suggestion}"""


class CodeAgain(Unreadable):
    """the same code is on line {text}"""


class SecondService(Unreadable):
    """This is a second service of the customer above; to bill it too, give it its own code and name."""


class BadQuote(Unreadable):
    """A quotation mark stands inside a cell; double it, or take it away."""


class NeverClosed(Unreadable):
    """A quotation mark opens here that is never closed."""


class ZeroRestored(Unreadable):
    """mobile: “{text}” had lost its leading zero and was read as {suggestion}"""


class AlternateKept(Unreadable):
    """mobile: of two numbers {text} is the mobile, {suggestion} the alternate"""


class StatusRead(Unreadable):
    """status: “{text}” was read as {suggestion}"""


class SamePerson(Unreadable):
    """the same name and mobile are on line {text}"""


class SameMobile(Unreadable):
    """{text} has this mobile too"""


class AlikeInFile(Unreadable):
    """the code is written {suggestion} on line {text}"""


class OtherSheet(Unreadable):
    """The sheet “{text}” was read; left out: {suggestion}"""


class HiddenRows(Unreadable):
    """{text} hidden rows were read like the others"""


class NothingRead(Unreadable):
    """{text} lines have nothing in the columns that are read, and were left out"""


class NoColumnName(Unreadable):
    """{text} lines have cells under no column name, which were left out"""


class HeaderAgain(Unreadable):
    """{text} lines repeat the header, and were left out"""


class TotalLeftOut(Unreadable):
    """A line of totals was left out: {text}"""


@dataclass(frozen=True, slots=True)
class Place:
    """The installation's country and zone, whose mobiles and days a file writes."""

    country: str
    zone: ZoneInfo


@dataclass(slots=True)
class Reading:
    """The lines that can be sent, those that cannot, and what was understood with a doubt; by line."""

    layout: Layout | None = None
    lines: list[CustomerLine] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    defaults: LineDefaults = field(default_factory=LineDefaults)

    @property
    def read(self) -> int:
        """Return how many records the file holds."""
        return len(self.lines) + len(self.refused)

    def chunks(self) -> Iterator[Sequence[CustomerLine]]:
        """Lines in the portions that travel."""
        for start in range(0, len(self.lines), CHUNK_LINES):
            yield self.lines[start : start + CHUNK_LINES]

    def refuse(self, line: int, code: str, reasons: Sequence[RefusedCell]) -> None:
        """Count a line as refused, with all that is wrong with it."""
        self.refused.append(refusal(line, code, reasons))

    def warn(self, line: int, code: str, doubt: Unreadable) -> None:
        """Say what was understood with a doubt."""
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(warning(line, code, doubt))


def warning(line: int, code: str, doubt: Unreadable) -> dict[str, Any]:
    """A warning as reports carry it, with what says it in other languages."""
    said = cell_of("", doubt)
    return {
        "line": line, "code": code, "detail": said.detail,
        "kind": said.code, "text": said.text, "suggestion": said.suggestion,
    }  # fmt: skip


def refusal(line: int, code: str, reasons: Sequence[RefusedCell]) -> dict[str, Any]:
    """A refused line as reports carry it: each wrong cell, and all of them as one text."""
    reason = "; ".join(f"{each.field}: {each.detail}" if each.field else each.detail for each in reasons)
    return RefusedLine(line=line, code=code, reason=reason, reasons=tuple(reasons)).model_dump(mode="json")


def read_customers(table: Table, place: Place, options: Options | None = None) -> Reading:
    """Read a table; the whole of it is refused when it has other columns."""
    options = options or Options()
    return _Reader(table, place, options).read()


def read_defaults(options: Options, place: Place) -> LineDefaults:
    """Read what new customers get where a line says nothing; raises 422."""
    values: dict[str, Any] = {}
    errors: list[tuple[str, str]] = []
    for name, said in options.defaults.items():
        try:
            if name in NUMBERS:
                mobile = read_mobile(said, place.country)
                values[name] = mobile.number if mobile else None
            elif name == "since":
                values[name] = None if is_filler(said) else read_day(said, options.dates, place.zone)
            else:
                values[name] = _READERS[name](said)
        except Unreadable as error:
            errors.append(("defaults", f"{name}: {error.detail}"))
    if errors:
        raise Problem(422, "invalid", errors[0][1], errors=tuple(errors))
    return LineDefaults(**values)


class _Reader:
    """One file on its way through: what its lines said so far."""

    def __init__(self, table: Table, place: Place, options: Options) -> None:
        self._table, self._place, self._options = table, place, options
        self._layout = lay_out(table, options)
        self._reading = Reading(self._layout, defaults=read_defaults(options, place))
        self._codes: dict[tuple[str, str], int] = {}
        self._alike: dict[tuple[str, str], tuple[int, str]] = {}
        self._people: dict[tuple[str, str], int] = {}
        self._known: dict[tuple[str, str], str | date | None] = {}
        self._empty: list[int] = []
        self._unnamed: list[int] = []
        self._repeated: list[int] = []
        self._width = len(self._layout.names)
        while self._width and not self._layout.names[self._width - 1]:
            self._width -= 1

    def read(self) -> Reading:
        """Every line under the header, in the order of the file."""
        self._say_what_was_chosen()
        rows = self._folded(self._table.below(self._layout.header))
        bad = [each for each in self._table.bad if each[0] > self._layout.header.line]
        for line, text, detail in bad:
            error = NeverClosed(text) if "never closed" in detail else BadQuote(text)
            self._reading.refuse(line, "", [cell_of("", error)])
        for row, cells in rows:
            self._take(row, cells)
        if self._empty:
            self._reading.warn(self._empty[0], "", NothingRead(str(len(self._empty))))
        if self._repeated:
            self._reading.warn(self._repeated[0], "", HeaderAgain(str(len(self._repeated))))
        if self._unnamed:
            self._reading.warn(self._unnamed[0], "", NoColumnName(str(len(self._unnamed))))
        self._reading.refused.sort(key=lambda each: int(each["line"]))
        return self._reading

    def _say_what_was_chosen(self) -> None:
        table = self._table
        if table.other_sheets:
            said = OtherSheet(table.sheet, ", ".join(table.other_sheets)[:200])
            self._reading.warn(self._layout.header.line, "", said)
        if table.hidden:
            self._reading.warn(table.hidden[0], "", HiddenRows(str(len(table.hidden))))

    def _folded(self, rows: Sequence[Row]) -> Iterator[tuple[Row, dict[str, str]]]:
        """Yield rows with their cells; a service under its customer, as UISP writes it, is theirs."""
        owner: tuple[Row, dict[str, str]] | None = None
        has_service = False
        header = [column_key(cell) for cell in self._layout.header.cells]
        for place, row in enumerate(rows):
            cells = self._layout.cells(row)
            said = {name for name, text in cells.items() if text.strip()}
            if [column_key(cell) for cell in row.cells] == header:
                self._repeated.append(row.line)
            elif place >= len(rows) - 2 and _is_total(row):
                self._reading.warn(row.line, "", TotalLeftOut(" ".join(row.cells)[:80]))
            elif not said:
                self._empty.append(row.line)
            elif owner and "package" in said and said <= {"package", "status", "since", "billing_cycle"}:
                if has_service:
                    self._reading.refuse(row.line, "", [cell_of("code", SecondService(cells["package"]))])
                else:
                    owner[1].update({name: cells[name] for name in said})
                    has_service = True
            else:
                if owner:
                    yield owner
                owner, has_service = (row, cells), "package" in said
        if owner:
            yield owner

    def _take(self, row: Row, cells: Mapping[str, str]) -> None:
        code = one_line(cells.get("code", ""))[:200]
        width = len(row.cells)
        while width > self._width and not row.cells[width - 1].strip():
            width -= 1
        if self._table.kind == "xlsx":
            # A cell under no column's name is a note beside the table; in a CSV it has moved the others.
            self._unnamed += [row.line] if width > self._width else []
        elif width != self._width:
            fault = OtherWidth(str(len(row.cells)), str(self._width))
            self._reading.refuse(row.line, code, [cell_of("", fault)])
            return
        values, reasons, doubts = self._values(cells)
        if not reasons and (again := self._again(values)):
            reasons.append(again)
        if reasons:
            self._reading.refuse(row.line, code, reasons)
            return
        self._reading.lines.append(CustomerLine(line=row.line, customer_id=new_id(), **values))
        for doubt in doubts + self._twins_within(row.line, values):
            self._reading.warn(row.line, code, doubt)
        self._codes[self._named(values)] = row.line

    def _named(self, values: Mapping[str, Any]) -> tuple[str, str]:
        return lookup_key(values.get("operator") or ""), values["code"]

    def _again(self, values: Mapping[str, Any]) -> RefusedCell | None:
        known = self._codes.get(self._named(values))
        return cell_of("code", CodeAgain(str(known))) if known else None

    def _twins_within(self, line: int, values: Mapping[str, Any]) -> list[Unreadable]:
        """Return doubts about lines of one person: a code in another spelling, a name with a mobile."""
        doubts: list[Unreadable] = []
        operator, code = self._named(values)
        key = (operator, code.lower().lstrip("0"))
        before = self._alike.setdefault(key, (line, code))
        if before[0] != line and before[1] != code:
            doubts.append(AlikeInFile(str(before[0]), before[1]))
        if values.get("name") and values.get("mobile"):
            person = (lookup_key(values["name"]), values["mobile"])
            first = self._people.setdefault(person, line)
            if first != line:
                doubts.append(SamePerson(str(first)))
        return doubts

    def _values(self, cells: Mapping[str, str]) -> tuple[dict[str, Any], list[RefusedCell], list[Unreadable]]:
        """Return what the cells say, what is wrong with which, and what was understood with a doubt."""
        values: dict[str, Any] = {"clear": ()}
        reasons: list[RefusedCell] = []
        doubts: list[Unreadable] = []
        for name, text in cells.items():
            if not text:
                if name == "code":
                    reasons.append(cell_of(name, NoCode("")))
                continue
            try:
                if "(" in text and one_line(text).casefold() == CLEAR:
                    values["clear"] += (_cleared(name),)
                elif name in NUMBERS:
                    self._read_numbers(name, text, values, doubts)
                elif (value := self._remembered(name, text, doubts)) is not None:
                    values[name] = value
            except Unreadable as error:
                reasons.append(cell_of(name, error))
        return values, reasons, doubts

    def _read_numbers(self, name: str, text: str, values: dict[str, Any], doubts: list[Unreadable]) -> None:
        """Take a number; the second of a cell stands where the file has no other column for it."""
        if "#" in text:
            _refuse_error(one_line(text))
        mobile = read_mobile(text, self._place.country)
        if mobile is None:
            return
        values[name] = mobile.number
        if mobile.zero_restored:
            doubts.append(ZeroRestored(one_line(text), mobile.number))
        if mobile.alternate and name == "mobile":
            values.setdefault("alternate_mobile", mobile.alternate)
            doubts.append(AlternateKept(mobile.number, mobile.alternate))

    def _remembered(self, name: str, text: str, doubts: list[Unreadable]) -> str | date | None:
        """Return the value of a cell; a file has few operators, packages and days, and many lines."""
        if name in ("code", "name", "address"):
            return self._value(name, text, doubts)
        if (name, text) not in self._known and len(self._known) < MOST_REMEMBERED:
            before = len(doubts)
            self._known[name, text] = self._value(name, text, doubts)
            if len(doubts) > before:
                # What is read with a doubt is said for each line.
                return self._known.pop((name, text))
        if (name, text) in self._known:
            return self._known[name, text]
        return self._value(name, text, doubts)

    def _value(self, name: str, text: str, doubts: list[Unreadable]) -> str | date | None:
        if "#" in text:
            _refuse_error(one_line(text))
        if name in self._options.values:
            mapped = self._options.values[name].get(lookup_key(text))
            if mapped is not None:
                return _READERS[name](mapped)
        if name == "billing_cycle" and one_line(text).casefold() == "none":
            return "none"
        if name != "code" and _says_nothing(text):
            return None
        if name == "since":
            return read_day(text, self._options.dates, self._place.zone)
        if name == "status":
            return self._status(text, doubts)
        return _READERS[name](original(text))

    def _status(self, text: str, doubts: list[Unreadable]) -> str:
        status = _read_status(text)
        if self._layout.is_inverted("status"):
            return {"active": "suspended", "suspended": "active"}.get(status, status)
        if lookup_key(text) in DOUBTFUL:
            doubts.append(StatusRead(one_line(text), status))
        return status


def _is_total(row: Row) -> bool:
    first = next((cell for cell in row.cells if cell.strip()), "")
    return bool(_TOTAL.fullmatch(one_line(first)))


def _refuse_error(text: str) -> None:
    if text == NO_VALUE:
        raise NoValue(text)
    if text.casefold() in _ERRORS:
        raise SheetError(text)


def _says_nothing(text: str) -> bool:
    """Whether a cell is a filler; a long plain one is looked at no further."""
    is_plain = text.isascii() and text.isprintable()
    return is_filler(text) if not is_plain or len(text) < LONGEST_FILLER else False


def _cleared(name: str) -> str:
    if name not in CLEARABLE:
        raise NotCleared(CLEAR)
    return name


def _read_code(text: str) -> str:
    code = one_line(text)
    if not CODE.fullmatch(code):
        raise NoCode(code)
    return code


def _read_address(text: str) -> str:
    address = several_lines(text)
    if len(address) > LONGEST_ADDRESS:
        raise TooLong(address, str(LONGEST_ADDRESS))
    return address


def _read_word(words: Mapping[str, str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        word = words.get(lookup_key(text))
        if word is None:
            raise OneOf(one_line(text), ", ".join(dict.fromkeys(words.values())))
        return word

    return read


_read_status = _read_word(STATUS_WORDS)
_READERS: Mapping[str, Callable[[str], str]] = {
    "code": _read_code,
    "name": read_name,
    "address": _read_address,
    "operator": read_name,
    "package": read_name,
    "status": _read_status,
    "billing_cycle": _read_word(CYCLE_WORDS),
}
