"""Lists as files that people open: CSV and workbooks with the columns' kinds, in the reader's language.

Twice the same rows are twice the same bytes. A file of customers imports as unchanged.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from litestar import Response
from litestar.response import Stream
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from gateway.http.csv import headers_of, line_of
from gateway.schemas.neutral import neutral, original

ROWS_A_SHEET = 1_000_000
ROWS_AT_ONCE = 1_000
CHUNK_BYTES = 256 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DAY, _MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)

Kind = Literal["text", "mobile", "day", "moment", "amount", "count", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, what it holds, and how wide it is in a workbook."""

    key: str
    title: str
    kind: Kind = "text"
    width: int = 16


@dataclass(frozen=True, slots=True)
class Writing:
    """How one reader writes: days and amounts, true and false, the zone of moments."""

    digits: int
    zone: ZoneInfo
    lakhs: bool
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list on its way to a file."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: AsyncIterator[Mapping[str, Any]]
    writing: Writing


def as_csv(sheet: Sheet) -> Response[Any]:
    """The list as CSV for people, sent while it is read."""
    headers = headers_of(f"{sheet.name}.csv")
    return Stream(_csv(sheet), media_type="text/csv; charset=utf-8", headers=headers)


def as_xlsx(sheet: Sheet) -> Response[Any]:
    """The list as a workbook; memory stays flat, for its rows wait on disk."""
    return Stream(_xlsx(sheet), media_type=XLSX, headers=headers_of(f"{sheet.name}.xlsx"))


async def _csv(sheet: Sheet) -> AsyncIterator[bytes]:
    yield b"\xef\xbb\xbf" + line_of([neutral(column.title) for column in sheet.columns])
    waiting: list[bytes] = []
    async for row in sheet.rows:
        waiting.append(line_of([written(column, row[column.key], sheet.writing) for column in sheet.columns]))
        if len(waiting) == ROWS_AT_ONCE:
            yield b"".join(waiting)
            waiting = []
    yield b"".join(waiting)


def written(column: Column, value: Any, writing: Writing) -> str:
    """Return a cell of a CSV file as its reader writes it."""
    if value is None:
        return ""
    match column.kind:
        case "amount":
            return f"{_units(value, writing):.{writing.digits}f}"
        case "day":
            return f"{_day(value):%d/%m/%Y}"
        case "moment":
            return f"{_moment(value, writing):%d/%m/%Y %H:%M}"
        case "flag":
            return writing.yes if value else writing.no
        case "count":
            return str(value)
    return neutral(str(value))


def _units(minor: int, writing: Writing) -> Decimal:
    return Decimal(minor).scaleb(-writing.digits)


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: datetime | str, writing: Writing) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(writing.zone).replace(tzinfo=None)


async def _xlsx(sheet: Sheet) -> AsyncIterator[bytes]:
    with TemporaryDirectory(prefix="export-") as folder:
        file = Path(folder) / "export.xlsx"
        book = Workbook(write_only=True)
        page, rows, waiting = _new_page(book, sheet), 0, []
        async for row in sheet.rows:
            waiting.append(row)
            if len(waiting) == ROWS_AT_ONCE:
                await asyncio.to_thread(_append, page, sheet, waiting)
                rows, waiting = rows + len(waiting), []
                if rows % ROWS_A_SHEET == 0:
                    page = _new_page(book, sheet)
        await asyncio.to_thread(_append, page, sheet, waiting)
        await asyncio.to_thread(_save, book, file)
        with file.open("rb") as made:
            while chunk := await asyncio.to_thread(made.read, CHUNK_BYTES):
                yield chunk


def _new_page(book: Workbook, sheet: Sheet) -> Any:
    number = len(book.worksheets) + 1
    page = book.create_sheet(sheet.title[:25] if number == 1 else f"{sheet.title[:25]} {number}")
    page.freeze_panes = "A2"
    for place, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(place)].width = column.width
    page.append([_head(page, column) for column in sheet.columns])
    return page


def _head(page: Any, column: Column) -> Any:
    cell = WriteOnlyCell(page, column.title)
    cell.font = Font(bold=True)
    if column.kind in ("amount", "count"):
        cell.alignment = Alignment(horizontal="right")
    return cell


def _append(page: Any, sheet: Sheet, rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        page.append([_cell(page, column, row[column.key], sheet.writing) for column in sheet.columns])


def _cell(page: Any, column: Column, value: Any, writing: Writing) -> Any:
    if value is None or value == "":
        return None
    match column.kind:
        case "amount":
            cell = WriteOnlyCell(page)
            cell.value = _units(value, writing)
            cell.number_format = amount_format(writing)
        case "count":
            cell = WriteOnlyCell(page, value)
            cell.number_format = count_format(writing)
        case "day":
            cell = WriteOnlyCell(page)
            cell.value = _day(value)
            cell.number_format = _DAY
        case "moment":
            cell = WriteOnlyCell(page, _moment(value, writing))
            cell.number_format = _MOMENT
        case "flag":
            cell = WriteOnlyCell(page, writing.yes if value else writing.no)
        case _:
            return _text(page, str(value))
    return cell


def _text(page: Any, value: str) -> Any:
    """A text that stays one: digits keep their zeros, and what begins like a formula is not run."""
    plain = "".join(letter for letter in value if letter >= " " or letter in "\t\n")
    # What an import would take off again is doubled, so that it comes back as it is.
    plain = neutral(plain) if original(plain) != plain else plain
    cell = WriteOnlyCell(page, plain)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = plain[:1] in ("=", "+", "-", "@")
    return cell


def amount_format(writing: Writing) -> str:
    """Return how a workbook shows an amount."""
    return _grouped(writing, "." + "0" * writing.digits if writing.digits else "")


def count_format(writing: Writing) -> str:
    """Return how a workbook shows a count."""
    return _grouped(writing, "")


def _grouped(writing: Writing, decimals: str) -> str:
    if not writing.lakhs:
        return f"#,##0{decimals}"
    # A format groups in thousands alone: lakhs and crores are its own commas, by how great the number is.
    crores, lakhs = rf"##\,##\,##\,##0{decimals}", rf"##\,##\,##0{decimals}"
    return f"[>=10000000]{crores};[>=100000]{lakhs};#,##0{decimals}"


class _Steady(ZipFile):
    """An archive whose bytes tell nothing of when it was made."""

    def writestr(  # type: ignore[override]
        self, place: Any, data: Any, *_arguments: Any, **_options: Any
    ) -> None:
        if str(place) == "docProps/core.xml":
            said = data if isinstance(data, bytes) else str(data).encode()
            data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", said)
        super().writestr(_steady(str(place)), data, ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_arguments: Any, **_options: Any) -> None:
        with Path(filename).open("rb") as source, self.open(_steady(str(arcname)), "w") as target:
            while piece := source.read(CHUNK_BYTES):
                target.write(piece)


def _steady(name: str) -> ZipInfo:
    part = ZipInfo(name, _LONG_AGO)
    part.compress_type = ZIP_DEFLATED
    part.external_attr = 0o600 << 16
    return part


def _save(book: Workbook, file: Path) -> None:
    with _Steady(file, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        ExcelWriter(book, archive).save()
