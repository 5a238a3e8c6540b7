"""The whole filter as a file: CSV while it is read, XLSX sheet by sheet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from litestar import Response, get
from litestar.response import Stream
from openpyxl import Workbook

from gateway.http.csv import CSV_COLUMNS, cells, stream_csv
from gateway.pages.bill_address import BillAddress
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import bills as bill_queries
from gateway.store.bills import Selection

ROWS_A_SHEET = 1_000_000
ROWS_AT_ONCE = 1_000
CHUNK_BYTES = 256 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/bills/export.csv")
async def export_csv(visit: ThisVisit) -> Response[Any]:
    """Every bill of the filter as CSV, sent while it is read."""
    selection, sort = await _selected(visit)
    return stream_csv(visit.gateway, visit.principal, selection, sort)


@get("/bills/export.xlsx")
async def export_xlsx(visit: ThisVisit) -> Response[Any]:
    """Every bill of the filter as a workbook; memory stays flat, for its rows wait on disk."""
    selection, sort = await _selected(visit)
    headers = {"Content-Disposition": 'attachment; filename="bills.xlsx"', "Cache-Control": "no-store"}
    return Stream(_workbook(visit, selection, sort), media_type=XLSX, headers=headers)


async def _selected(visit: Visit) -> tuple[Selection, str]:
    """The filter and its sort, with what is out of reach or too much refused before the first byte."""
    address = BillAddress.of(visit.query)
    async with visit.reading() as tx:
        selection = await bill_queries.select_all(tx, visit.principal, address.filter(), visit.desk.today)
    return selection, address.sort


async def _workbook(visit: Visit, selection: Selection, sort: str) -> AsyncIterator[bytes]:
    with TemporaryDirectory(prefix="bills-") as folder:
        file = Path(folder) / "bills.xlsx"
        book = Workbook(write_only=True)
        sheet, rows, waiting = _new_sheet(book), 0, []
        async for bill in bill_queries.stream_bills(visit.gateway.pool, visit.principal, selection, sort):
            waiting.append(_row(bill))
            if len(waiting) == ROWS_AT_ONCE:
                await asyncio.to_thread(_append, sheet, waiting)
                rows, waiting = rows + len(waiting), []
                if rows % ROWS_A_SHEET == 0:
                    sheet = _new_sheet(book)
        await asyncio.to_thread(_append, sheet, waiting)
        await asyncio.to_thread(book.save, file)
        with file.open("rb") as made:
            while chunk := await asyncio.to_thread(made.read, CHUNK_BYTES):
                yield chunk


def _new_sheet(book: Workbook) -> Any:
    sheet = book.create_sheet(f"Bills {len(book.worksheets) + 1}")
    sheet.append(list(CSV_COLUMNS))
    return sheet


def _append(sheet: Any, rows: list[list[Any]]) -> None:
    for row in rows:
        sheet.append(row)


def _row(bill: Mapping[str, Any]) -> list[Any]:
    """As in the CSV, without the characters that XML cannot hold."""
    return [_printable(cell) if isinstance(cell, str) else cell for cell in cells(bill)]


def _printable(text: str) -> str:
    return "".join(character for character in text if character >= " " or character in "\t\n")


ROUTES = [export_csv, export_xlsx]
