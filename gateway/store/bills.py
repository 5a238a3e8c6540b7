"""Bills as they are read: pages by keyset, totals from the summary, searches through the customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.domain import age, is_overdue
from gateway.schemas.searches import Search
from gateway.store.bill_pages import SORTS, pages
from gateway.store.statements import Row, many, named
from shared.db import Tx

# A list shows what a search finds first and says so (`exact`); what is done with all of a search takes all.
MOST_FOUND = 400
MOST_SELECTED = 100_000
MOST_SOUGHT = 20_000
NEVER = 10**12

STATUSES = ("unpaid", "partial", "paid", "void")


async def all_of_customer(tx: Tx, customer_id: UUID, today: date, limit: int) -> list[dict[str, Any]]:
    """Return a customer's bills, newest first."""
    rows = named.bills_of_customer(tx, customer_id=customer_id, limit=limit)
    return [{**row, "overdue": is_overdue(row["status"], row["due_on"], today)} async for row in rows]


async def owed_by_customer(tx: Tx, customer_id: UUID, today: date) -> list[dict[str, Any]]:
    """Return what a customer owes, in the order in which money settles it."""
    rows = named.owed_bills_of_customer(tx, customer_id=customer_id)
    owed = [{**row, "overdue": is_overdue(row["status"], row["due_on"], today)} async for row in rows]
    return sorted(owed, key=age)


async def id_by_number(tx: Tx, number: str) -> UUID | None:
    """The bill that carries a number."""
    found: UUID | None = await named.bill_by_number(tx, number=number)
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """Matches of a search: customers and bills by number; `exact` False when it matched more than that."""

    customer_ids: list[UUID]
    bill_ids: list[UUID]
    exact: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter made ready: whose subtrees (None: all), and whose totals hold all of it."""

    tops: list[UUID] | None
    counted_operator_ids: list[UUID]
    package_ids: list[UUID] | None
    statuses: list[str] | None
    period: str | None
    issued_from: date | None
    issued_to: date | None
    overdue: bool | None
    today: date
    found: Found | None
    due_from: date | None = None
    due_to: date | None = None

    @property
    def days(self) -> dict[str, date | None]:
        """The days of issue and of falling due that are within, as statements take them."""
        return {
            "issued_from": self.issued_from,
            "issued_to": self.issued_to,
            "due_from": self.due_from,
            "due_to": self.due_to,
        }


async def find(tx: Tx, top: UUID | None, search: Search, most: int = MOST_FOUND) -> Found:
    """Customers and bills that a search names, up to `most` of each, below `top` and nowhere else."""
    known: dict[UUID, None] = {}
    for words in search.ways:
        rows = named.found_customers(tx, top=top, words=list(words), at_most=most + 1)
        known |= dict.fromkeys([row["id"] async for row in rows])
    customers = list(known)
    bills = [
        row["id"] async for row in named.found_bills(tx, top=top, number=search.number, at_most=most + 1)
    ]
    return Found(customers[:most], bills[:most], len(customers) <= most and len(bills) <= most)


_ORDERED = ("in_order", "of_operators")


@dataclass(frozen=True, slots=True)
class _Way:
    """The way to read a page: which statement, within which days."""

    name: str
    days: list[date] | None = None
    seek: bool = False


async def page(
    tx: Tx, selection: Selection, sort: str, limit: int, after: tuple[Any, UUID] | None
) -> list[Row]:
    """Up to `limit` bills of the selection, in the order of `sort`, after a place in it."""
    order = SORTS[sort]
    found = selection.found
    way = _Way("found") if found else await _way(tx, selection, order.column, sort, limit, after)
    if way.days == []:
        return []
    after_value, after_id = after or (None, None)
    parameters = {**_filter(selection), "days": way.days, "after": after_value, "after_id": after_id}
    if found:
        parameters |= {"found": found.customer_ids, "numbered": found.bill_ids}
    if way.seek:
        parameters |= await _every_group(tx, selection)
    if way.name in _ORDERED:
        await named.trust_the_index(tx)
    rows = [row async for row in getattr(pages, f"{way.name}_{order.name}")(tx, limit=limit, **parameters)]
    if way.name in _ORDERED:
        await named.trust_the_planner(tx)
    return rows


def _filter(selection: Selection) -> dict[str, Any]:
    """Return what a selection asks of each bill."""
    return {
        "tops": selection.tops,
        "package_ids": selection.package_ids,
        "statuses": selection.statuses,
        "period": selection.period,
        **selection.days,
        "due_before": selection.today if selection.overdue else None,
    }


async def _way(
    tx: Tx, selection: Selection, column: str, sort: str, limit: int, after: tuple[Any, UUID] | None
) -> _Way:
    """The cheapest way to the page, from what the totals know of the days that it can lie on.

    In order: look at bills one by one until enough match, which is quick where many do. Of a group: seek
    all that match, quick where few do. Of operators: in order, one operator at a time, where the tree below
    is small: a run bills operator after operator, so their bills lie far apart.
    """
    days = await _days(tx, selection, column, sort, limit, after)
    matching = sum(day["matching"] for day in days)
    bills = max(sum(day["bills"] for day in days), 1)
    dates = [day["issued_on"] for day in days] if column == "issued_on" or matching <= MOST_SOUGHT else None
    looked_at = limit * bills / max(matching, 1)
    costs = {"of_group": float(matching if column == "issued_on" or matching <= MOST_SOUGHT else NEVER)}
    if selection.tops is None:
        costs["in_order"] = looked_at
    elif column == "issued_on":
        costs["of_operators"] = await named.count_operators(tx, tops=selection.tops) * looked_at
    else:
        costs["in_order"] = looked_at * 10
    name = min(costs, key=lambda each: costs[each])
    return _Way(name, dates, seek=name == "of_group")


async def _days(
    tx: Tx, selection: Selection, column: str, sort: str, limit: int, after: tuple[Any, UUID] | None
) -> list[Row]:
    """The days with bills of the selection; when sorted by day, only as many as the page can need."""
    counted = named.days_of_selection(
        tx,
        operator_ids=selection.counted_operator_ids,
        package_ids=selection.package_ids or [UUID(int=0)],
        statuses=selection.statuses,
        period=selection.period,
        **selection.days,
        due_before=selection.today if selection.overdue else None,
    )
    days = [row async for row in counted if row["matching"]]
    if column != "issued_on":
        return days
    return _needed(days, newest_first=sort.startswith("-"), limit=limit, after=after[0] if after else None)


def _needed(days: list[Row], *, newest_first: bool, limit: int, after: date | None) -> list[Row]:
    """Return the days that a page after this one can need, in its order."""
    if newest_first:
        days.reverse()
    if after is not None:
        days = [
            day for day in days if (day["issued_on"] <= after if newest_first else day["issued_on"] >= after)
        ]
    enough, needed = 0, []
    for day in days:
        needed.append(day)
        # The day of the cursor may have been shown in part already.
        enough += day["matching"] if day["issued_on"] != after else 0
        if enough >= limit:
            break
    return needed


async def _every_group(tx: Tx, selection: Selection) -> dict[str, Any]:
    """Every part of the index named, so that it is sought and not scanned."""
    statuses = selection.statuses or list(STATUSES)
    if selection.overdue:
        statuses = [status for status in statuses if status in ("unpaid", "partial")]
    return {
        "statuses": statuses,
        "operator_ids": [row["id"] async for row in named.operators_of_selection(tx, tops=selection.tops)],
        "package_ids": selection.package_ids or [row["id"] async for row in named.every_package(tx)],
    }


async def totals(tx: Tx, selection: Selection) -> list[Row]:
    """Sums by status and overdue, of the selection without its status filter."""
    if selection.found is not None:
        rows = named.totals_of_found(
            tx,
            today=selection.today,
            found=selection.found.customer_ids,
            numbered=selection.found.bill_ids,
            tops=selection.tops,
            package_ids=selection.package_ids,
            period=selection.period,
            **selection.days,
        )
    else:
        rows = named.totals(
            tx,
            today=selection.today,
            operator_ids=selection.counted_operator_ids,
            package_ids=selection.package_ids or [UUID(int=0)],
            period=selection.period,
            **selection.days,
        )
    return await many(rows)


async def ids(tx: Tx, selection: Selection, most: int) -> list[UUID]:
    """Every bill of the selection, up to `most`."""
    found = selection.found
    rows = named.ids_of_selection(
        tx,
        **_filter(selection),
        found=found.customer_ids if found else None,
        numbered=found.bill_ids if found else None,
        limit=most,
    )
    return [row["id"] async for row in rows]


async def by_id(tx: Tx, bill_id: UUID) -> Row | None:
    """One bill with its lines."""
    row: Row | None = await named.bill_by_id(tx, id=bill_id)
    return row


async def of_customer(tx: Tx, customer_id: UUID, period: str) -> Row | None:
    """The bill that closes a period for a customer: the live one, else a void one."""
    row: Row | None = await named.bill_of_customer(tx, customer_id=customer_id, period=period)
    return row


async def as_of(tx: Tx) -> datetime | None:
    """When the youngest event that the view shows was said."""
    moment: datetime | None = await named.as_of(tx)
    return moment


async def latest_period(tx: Tx, principal: Principal) -> str | None:
    """Return the month of the caller's newest bill."""
    period: str | None = await named.latest_period(tx, operator_id=principal.operator_id)
    return period


async def numbers(tx: Tx, bill_ids: Sequence[UUID]) -> dict[str, str]:
    """The numbers of some bills."""
    return {str(row["id"]): row["number"] async for row in named.bill_numbers(tx, bill_ids=list(bill_ids))}


async def origin(tx: Tx, bill_id: UUID) -> Mapping[str, Any]:
    """Return how a bill that can be seen came to be."""
    row: Mapping[str, Any] = await named.origin_of_bill(tx, bill_id=bill_id)
    return row


async def selection_summary(tx: Tx, bill_ids: Sequence[UUID]) -> Mapping[str, Any]:
    """Return what chosen bills add up to."""
    row: Mapping[str, Any] = await named.selection_summary(tx, bill_ids=list(bill_ids))
    return row


async def open_of_customer(tx: Tx, customer_id: UUID) -> list[Row]:
    """Return what a customer owes, as documents name it."""
    return await many(named.open_bills_of_customer(tx, customer_id=customer_id))
