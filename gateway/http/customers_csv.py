"""Customers as CSV for programs: the columns and values of an import, which takes them back as unchanged."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from litestar import Response
from litestar.response import Stream

from gateway.access import Principal
from gateway.context import Gateway
from gateway.http.csv import headers_of, line_of
from gateway.schemas.import_columns import COLUMNS
from gateway.schemas.neutral import neutral
from gateway.store import exports as export_store


def stream_customers(gateway: Gateway, principal: Principal, wanted: Mapping[str, Any]) -> Response[Any]:
    """Every customer of the filter, sent while it is read."""

    async def rows() -> AsyncIterator[bytes]:
        yield b"\xef\xbb\xbf" + line_of(COLUMNS)
        async for row in export_store.customers(gateway.pool, principal, **wanted):
            yield line_of([neutral(str(row[name])) if row[name] is not None else "" for name in COLUMNS])

    return Stream(rows(), media_type="text/csv; charset=utf-8", headers=headers_of("customers.csv"))
