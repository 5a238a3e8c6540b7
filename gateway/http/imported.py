"""What API and pages answer about an import alike: its refused lines, in the file's own shape."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
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

Wording = Callable[[Mapping[str, Any]], str]


def in_words(line: Mapping[str, Any]) -> str:
    """Return all that is wrong with a line, in English."""
    return str(line["reason"])


async def refused_lines(
    gateway: Gateway, principal: Principal, import_id: UUID, wording: Wording = in_words
) -> Response[Any]:
    """The refused lines as CSV; 404 once the file is no longer kept."""
    async with acting_as(gateway.pool, principal) as tx:
        await import_commands.found_import(tx, principal, import_id)
        found = await import_store.find_import(tx, import_id)
        file = await import_store.find_file(tx, found["file_id"]) if found and found["file_id"] else None
    if found is None or file is None:
        raise not_found("The file of this import is no longer kept.")
    options = Options(**found["options"]) if found["options"] else Options()
    raw = await asyncio.to_thread(import_store.unpacked, file.content)
    table = await uploads.table_of(raw, options.sheet)
    refused = all_refused(found)
    reasons = {int(line["line"]): wording(line) for line in refused}
    content = await asyncio.to_thread(refused_csv, table, options, refused, reasons)
    charset = "utf-16" if table.encoding == "utf-16" else "utf-8"
    return Response(content, media_type=f"text/csv; charset={charset}", headers=headers_of("refused.csv"))
