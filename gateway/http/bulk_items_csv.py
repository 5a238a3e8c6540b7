"""Items of a bulk action as CSV for programs: each bill with its outcome; no cell can run as a formula."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.response import Stream

from gateway.access import Principal
from gateway.context import Gateway
from gateway.http.csv import harmless, headers_of, line_of
from gateway.queries import bulk_actions as bulk_action_queries
from gateway.store.statements import Row

CSV_COLUMNS = (
    "number",
    "customer_code",
    "customer_name",
    "currency",
    "balance_minor",
    "state",
    "outcome",
    "detail",
    "bill_status",
    "left_minor",
    "reference",
    "reversed",
    "bill_id",
    "customer_id",
)


def stream_items(gateway: Gateway, principal: Principal, action_id: UUID, state: str | None) -> Response[Any]:
    """Every item, sent while it is read."""

    async def rows() -> AsyncIterator[bytes]:
        yield line_of(CSV_COLUMNS)
        async for item in bulk_action_queries.stream_items(gateway, principal, action_id, state):
            yield line_of(cells(item))

    return Stream(rows(), media_type="text/csv; charset=utf-8", headers=headers_of("bulk-action.csv"))


def cells(item: Row) -> list[Any]:
    """The row of an item, by `CSV_COLUMNS`."""
    row = {**item, "reversed": None if item["reversed"] is None else str(item["reversed"]).lower()}
    return [harmless("" if row[column] is None else row[column]) for column in CSV_COLUMNS]
