"""Customers files: any usual separator, read line by line; what cannot be read is refused with its line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError

from gateway.problems import Problem, wrong
from shared.contracts.catalog import CustomerLine
from shared.ids import new_id

COLUMNS = ("code", "name", "mobile", "address", "operator", "package", "status", "billing_cycle", "since")
CHUNK_LINES = 500
_SEPARATORS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines that can be sent and those that cannot, each with its number in the file."""

    lines: list[CustomerLine]
    refused: list[dict[str, object]]

    def chunks(self) -> Iterator[Sequence[CustomerLine]]:
        """Lines in the portions that travel."""
        for start in range(0, len(self.lines), CHUNK_LINES):
            yield self.lines[start : start + CHUNK_LINES]


def read_customers(raw: bytes) -> Reading:
    """Read a file; the whole of it is refused when it is no text or has other columns."""
    text = _decode(raw)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    reading = Reading([], [])
    seen: dict[tuple[str, str], int] = {}
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        _check(header)
        for row in rows:
            if any(cell.strip() for cell in row):
                _take(reading, seen, header, row, rows.line_num)
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
    missing = [name for name in COLUMNS if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    if missing or unknown or len(set(header)) != len(header):
        detail = f"The header must be {','.join(COLUMNS)}."
        raise Problem(422, "invalid", detail, errors=(("header", _difference(missing, unknown) or detail),))


def _difference(missing: Sequence[str], unknown: Sequence[str]) -> str:
    parts = [f"missing: {', '.join(missing)}"] if missing else []
    return "; ".join(parts + ([f"unknown: {', '.join(unknown)[:200]}"] if unknown else []))


def _take(
    reading: Reading, seen: dict[tuple[str, str], int], header: Sequence[str], row: Sequence[str], number: int
) -> None:
    cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
    code = cells.get("code", "")[:200].replace("\x00", "")
    if len(row) != len(header):
        _refuse(reading, number, code, f"{len(row)} cells instead of {len(header)}")
        return
    try:
        line = _line(cells, number, new_id())
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        _refuse(reading, number, code, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
        return
    place = (line.operator, line.code)
    if place in seen:
        _refuse(reading, number, code, f"the same code is on line {seen[place]}")
        return
    seen[place] = number
    reading.lines.append(line)


def _line(cells: dict[str, str], number: int, customer_id: UUID) -> CustomerLine:
    # Dates and ids arrive as text: JSON's strictness is the right one for them.
    return CustomerLine.model_validate_json(
        json.dumps(
            {
                **cells,
                "mobile": cells["mobile"] or None,
                "status": cells["status"].lower() or "active",
                "billing_cycle": cells["billing_cycle"].lower() or "monthly",
                "line": number,
                "customer_id": str(customer_id),
            }
        )
    )


def _refuse(reading: Reading, number: int, code: str, reason: str) -> None:
    reading.refused.append({"line": number, "code": code, "reason": reason})
