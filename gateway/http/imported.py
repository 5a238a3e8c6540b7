"""What API and pages answer about an import alike: refused and kept lines, in the file's own shape."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response

from gateway.access import Principal
from gateway.commands import imports as import_commands
from gateway.context import Gateway
from gateway.http import uploads
from gateway.http.csv import headers_of
from gateway.http.refused_lines import refused_csv
from gateway.problems import not_found
from gateway.schemas.import_columns import Options
from gateway.schemas.import_reports import all_refused
from gateway.store import imports as import_store
from gateway.store.access import acting_as
from gateway.store.imports import File
from gateway.store.statements import Row
from shared.db import Tx

Wording = Callable[[Mapping[str, Any]], str]


def in_words(line: Mapping[str, Any]) -> str:
    """Return all that is wrong with a line, in English."""
    return str(line["reason"])


async def refused_lines(
    gateway: Gateway, principal: Principal, import_id: UUID, wording: Wording = in_words
) -> Response[Any]:
    """The refused lines as CSV; 404 once the file is no longer kept."""
    async with acting_as(gateway.pool, principal) as tx:
        found, file = await _found(tx, principal, import_id)
    return await _lines_of(file, found, all_refused(found), wording, "refused.csv")


async def kept_lines(
    gateway: Gateway, principal: Principal, import_id: UUID, wording: Wording = in_words
) -> Response[Any]:
    """The lines whose customers stayed as they were when the import was taken back, as CSV."""
    async with acting_as(gateway.pool, principal) as tx:
        found, file = await _found(tx, principal, import_id)
        undone = await import_store.find_import(tx, found["undone_by"]) if found["undone_by"] else None
    if undone is None:
        raise not_found("The import has not been taken back.")
    return await _lines_of(file, found, all_refused(undone), wording, "kept.csv")


async def _found(tx: Tx, principal: Principal, import_id: UUID) -> tuple[Row, File]:
    await import_commands.found_import(tx, principal, import_id)
    found = await import_store.find_import(tx, import_id)
    file = await import_store.find_file(tx, found["file_id"]) if found and found["file_id"] else None
    if found is None or file is None:
        raise not_found("The file of this import is no longer kept.")
    return found, file


async def _lines_of(
    file: File, found: Row, lines: Sequence[Row], wording: Wording, name: str
) -> Response[Any]:
    """Lines of a file, in its own shape, each with what is said of it."""
    options = Options(**found["options"]) if found["options"] else Options()
    raw = await asyncio.to_thread(import_store.unpacked, file.content)
    table = await uploads.table_of(raw, options.sheet)
    reasons = {int(line["line"]): wording(line) for line in lines}
    content = await asyncio.to_thread(refused_csv, table, options, lines, reasons)
    charset = "utf-16" if table.encoding == "utf-16" else "utf-8"
    return Response(content, media_type=f"text/csv; charset={charset}", headers=headers_of(name))
