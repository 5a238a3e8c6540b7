"""Bills as CSV, made while it is sent; no cell can run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

from litestar import Response
from litestar.response import Stream

from gateway.http.requests import Here, Who
from gateway.queries import bills as bill_queries
from gateway.schemas.fields import Body
from gateway.schemas.neutral import neutral
from gateway.store.bills import Selection

CSV_COLUMNS = (
    "number",
    "status",
    "overdue",
    "period",
    "issued_on",
    "due_on",
    "customer_code",
    "customer_name",
    "customer_mobile",
    "operator",
    "package",
    "currency",
    "net_minor",
    "vat_minor",
    "total_minor",
    "paid_minor",
    "balance_minor",
    "id",
)


def stream_csv(gateway: Here, principal: Who, selection: Selection, sort: str) -> Response[Any]:
    """The whole selection as a file that is made while it is sent."""

    async def rows() -> AsyncIterator[bytes]:
        yield line_of(CSV_COLUMNS)
        async for bill in bill_queries.stream_bills(gateway.pool, principal, selection, sort):
            yield line_of(cells(bill))

    return Stream(rows(), media_type="text/csv; charset=utf-8", headers=headers_of("bills.csv"))


def headers_of(file_name: str) -> dict[str, str]:
    """Return the headers of a file that is taken away and that nothing on the way keeps."""
    return {"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"}


def cells(bill: Body) -> list[Any]:
    """The row of a bill, by `CSV_COLUMNS`; no cell can run as a formula."""
    customer = bill["customer"]
    named = {
        "customer_code": customer["code"],
        "customer_name": customer["name"],
        "customer_mobile": customer["mobile"] or "",
        "operator": bill["operator"]["name"],
        "package": bill["package"]["name"],
        "overdue": "true" if bill["overdue"] else "false",
    }
    return [harmless(named[column] if column in named else bill[column]) for column in CSV_COLUMNS]


def harmless(cell: Any) -> Any:
    """A spreadsheet would run a cell that starts like a formula."""
    return neutral(cell) if isinstance(cell, str) else cell


def line_of(cells: Any) -> bytes:
    """Return one line of a CSV file."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()
