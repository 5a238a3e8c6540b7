"""A statement as CSV for programs: what was owed before, each movement, what is owed then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Response

from gateway.http.csv import harmless, headers_of, line_of
from gateway.schemas.account_statements import Statement

COLUMNS = ("on", "kind", "reference", "period", "method", "reason", "billed_minor", "paid_minor")


def as_csv(said: Statement) -> Response[Any]:
    """The whole account between two days, as the API says it."""
    content = b"".join(line_of([harmless(cell) for cell in row]) for row in _rows(said))
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers_of("statement.csv"))


def _rows(said: Statement) -> Iterator[list[Any]]:
    blank = [""] * (len(COLUMNS) - 2)
    yield [*COLUMNS, "balance_minor"]
    yield [said["from"], "opening", *blank, said["opening_minor"]]
    for entry in said["entries"]:
        cells: dict[str, Any] = {**entry}
        yield [cells[name] if cells[name] is not None else "" for name in (*COLUMNS, "balance_minor")]
    yield [said["to"], "closing", *blank, said["closing_minor"]]
