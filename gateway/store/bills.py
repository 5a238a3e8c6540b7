"""Bills as they are read: pages by keyset, totals from the summary, searches through the customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from shared.db import Tx, statements

_queries = statements(__file__)

Row: TypeAlias = Mapping[str, Any]

MOST_FOUND = 1_000

SORTS: dict[str, tuple[str, str]] = {
    "-issued_on": ("page_newest_first", "issued_on"),
    "issued_on": ("page_oldest_first", "issued_on"),
    "due_on": ("page_first_due", "due_on"),
    "-due_on": ("page_last_due", "due_on"),
    "total_minor": ("page_smallest_total", "total_minor"),
    "-total_minor": ("page_largest_total", "total_minor"),
    "balance_minor": ("page_smallest_balance", "balance_minor"),
    "-balance_minor": ("page_largest_balance", "balance_minor"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a search matched: customers and bills by number; `exact` False when it matched more than that."""

    customer_ids: list[UUID]
    bill_ids: list[UUID]
    exact: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter made ready: operators with their subtrees (None: all), the roots to count by."""

    operator_ids: list[UUID] | None
    counted_operator_ids: list[UUID]
    package_ids: list[UUID] | None
    statuses: list[str] | None
    period: str | None
    issued_from: date | None
    issued_to: date | None
    overdue: bool | None
    today: date
    found: Found | None


async def find(tx: Tx, reach: Sequence[UUID] | None, words: str) -> Found:
    """Customers and bills that the words name, within the reach and nowhere else."""
    subtree = list(reach) if reach is not None else None
    customers = [
        row["id"]
        async for row in _queries.found_customers(tx, reach=subtree, words=words, at_most=MOST_FOUND + 1)
    ]
    bills = [
        row["id"]
        async for row in _queries.found_bills(tx, reach=subtree, words=words, at_most=MOST_FOUND + 1)
    ]
    exact = len(customers) <= MOST_FOUND and len(bills) <= MOST_FOUND
    return Found(customers[:MOST_FOUND], bills[:MOST_FOUND], exact)


async def page(
    tx: Tx, selection: Selection, sort: str, limit: int, after: tuple[Any, UUID] | None
) -> list[Row]:
    """Up to `limit` bills of the selection, in the order of `sort`, after a place in it."""
    statement, _ = SORTS[sort]
    found = selection.found
    rows = getattr(_queries, statement)(
        tx,
        operator_ids=selection.operator_ids,
        package_ids=selection.package_ids,
        statuses=selection.statuses,
        period=selection.period,
        issued_from=selection.issued_from,
        issued_to=selection.issued_to,
        due_before=selection.today if selection.overdue else None,
        found=found.customer_ids if found else None,
        numbered=found.bill_ids if found else None,
        after=after[0] if after else None,
        after_id=after[1] if after else None,
        limit=limit,
    )
    return [row async for row in rows]


async def totals(tx: Tx, selection: Selection) -> list[Row]:
    """Sums by status and overdue, of the selection without its status filter."""
    if selection.found is not None:
        rows = _queries.totals_of_found(
            tx,
            today=selection.today,
            found=selection.found.customer_ids,
            numbered=selection.found.bill_ids,
            operator_ids=selection.operator_ids,
            package_ids=selection.package_ids,
            period=selection.period,
            issued_from=selection.issued_from,
            issued_to=selection.issued_to,
        )
    else:
        rows = _queries.totals(
            tx,
            today=selection.today,
            operator_ids=selection.counted_operator_ids,
            package_ids=selection.package_ids or [UUID(int=0)],
            period=selection.period,
            issued_from=selection.issued_from,
            issued_to=selection.issued_to,
        )
    return [row async for row in rows]


async def by_id(tx: Tx, bill_id: UUID) -> Row | None:
    """One bill with its lines."""
    row: Row | None = await _queries.bill_by_id(tx, id=bill_id)
    return row


async def of_customer(tx: Tx, customer_id: UUID, period: str) -> Row | None:
    """The bill that closes a period for a customer: the live one, else a void one."""
    row: Row | None = await _queries.bill_of_customer(tx, customer_id=customer_id, period=period)
    return row


async def as_of(tx: Tx) -> datetime | None:
    """When the youngest event that the view shows was said."""
    moment: datetime | None = await _queries.as_of(tx)
    return moment
