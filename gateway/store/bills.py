"""Bills as they are read: pages by keyset, totals from the summary, searches through the customers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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

    def wants(self, status: str, due_on: date) -> bool:
        """Whether bills that stand like this are asked for."""
        if self.overdue and not is_overdue(status, due_on, self.today):
            return False
        return self.statuses is None or status in self.statuses

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
    rows = await many(
        named.found(tx, top=top, ways=list(search.ways), number=search.number, at_most=most + 1)
    )
    customers = list(dict.fromkeys(row["id"] for row in rows if not row["is_bill"]))
    bills = [row["id"] for row in rows if row["is_bill"]]
    return Found(customers[:most], bills[:most], len(customers) <= most and len(bills) <= most)


_ORDERED = ("in_order", "in_periods", "of_operators")
_OPEN = ("unpaid", "partial")
_INDEXES = (*_OPEN, "open", "settled")
_BY_DAY = ("issued_on", "due_on")
# What it takes to read a bill in an index alone, to look for a group that may be empty, and to look at a bill
# by its day, whose rows lie together. To look at one by its amount, each of whose rows is fetched from
# elsewhere, takes 1: about 1 µs of Postgres.
_IN_INDEX, _GROUP, _BY_ITS_DAY = 0.1, 5.5, 0.4
_ALL = 10**9


@dataclass(frozen=True, slots=True)
class _Way:
    """The way to read a page: which statement, within which days or months."""

    name: str
    days: list[date] | None = None
    periods: list[str] = field(default_factory=list)
    indexes: frozenset[str] = frozenset()
    issued: tuple[date, date] | None = None


async def listed(
    tx: Tx, selection: Selection, sort: str, limit: int, after: tuple[Any, UUID] | None
) -> tuple[list[Row], list[Row]]:
    """Up to `limit` bills of the selection after a place in its order, and the sums of all of it.

    The sums are by status and overdue, of the selection without its status filter.
    """
    if selection.found is not None:
        return await _found(tx, selection, selection.found, sort, limit, after)
    summary = await _summary(tx, selection)
    rows = await _page(tx, selection, summary, sort, limit, after)
    return rows, _sums(summary, selection.today)


async def page(
    tx: Tx, selection: Selection, sort: str, limit: int, after: tuple[Any, UUID] | None
) -> list[Row]:
    """Up to `limit` bills of the selection, in the order of `sort`, after a place in it."""
    return (await listed(tx, selection, sort, limit, after))[0]


async def totals(tx: Tx, selection: Selection) -> list[Row]:
    """Sums by status and overdue, of the selection without its status filter."""
    if selection.found is None:
        return _sums(await _summary(tx, selection), selection.today)
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
    return await many(rows)


async def _found(
    tx: Tx, selection: Selection, found: Found, sort: str, limit: int, after: tuple[Any, UUID] | None
) -> tuple[list[Row], list[Row]]:
    """Read a search's bills once, for the page and for its sums."""
    order = SORTS[sort]
    after_value, after_id = after or (None, None)
    read = getattr(pages, f"found_{order.name}")(
        tx,
        **_filter(selection),
        found=found.customer_ids,
        numbered=found.bill_ids,
        today=selection.today,
        after=after_value,
        after_id=after_id,
        limit=limit,
    )
    sums = [row async for row in read]
    ids = next(row["ids"] for row in sums if row["status"] is None)
    rows = getattr(pages, f"these_{order.name}")(tx, ids=ids) if ids else None
    return await many(rows) if rows else [], [row for row in sums if row["status"] is not None]


async def _summary(tx: Tx, selection: Selection) -> list[Row]:
    """Return what the totals know of the selection, whatever the status."""
    rows = named.summary_of_selection(
        tx,
        operator_ids=selection.counted_operator_ids,
        package_ids=selection.package_ids or [UUID(int=0)],
        period=selection.period,
        **selection.days,
    )
    return await many(rows)


def _sums(summary: Sequence[Row], today: date) -> list[Row]:
    return [{**row, "overdue": is_overdue(row["status"], row["due_on"], today)} for row in summary]


async def _page(
    tx: Tx,
    selection: Selection,
    summary: Sequence[Row],
    sort: str,
    limit: int,
    after: tuple[Any, UUID] | None,
) -> list[Row]:
    order = SORTS[sort]
    way = await _way(tx, selection, summary, sort, limit, after)
    if way is None:
        return []
    after_value, after_id = after or (None, None)
    parameters = {**_filter(selection), "days": way.days, "after": after_value, "after_id": after_id}
    if way.name == "in_periods":
        parameters |= {"periods": way.periods} | {f"is_{each}": each in way.indexes for each in _INDEXES}
    if way.name == "of_group":
        parameters |= await _every_group(tx, selection, way)
    if way.name in _ORDERED:
        await named.trust_the_index(tx)
    rows = [row async for row in getattr(pages, f"{way.name}_{order.name}")(tx, limit=limit, **parameters)]
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
    tx: Tx,
    selection: Selection,
    summary: Sequence[Row],
    sort: str,
    limit: int,
    after: tuple[Any, UUID] | None,
) -> _Way | None:
    """The cheapest way to the page, from what the totals know of where it can lie; None when it is empty.

    In order, or in each month's: look at bills one by one until enough match, which is quick where many do.
    Of a group: seek all that match, quick where few do. Of operators: in order, one operator at a time, where
    the tree below is small: a run bills operator after operator, so their bills lie far apart.
    """
    column = SORTS[sort].column
    matching = [row for row in summary if row["bills"] and selection.wants(row["status"], row["due_on"])]
    if column in _BY_DAY:
        needed = _needed(matching, column, newest_first=sort.startswith("-"), limit=limit, after=after)
        matching = [row for row in matching if row[column] in needed]
    if not matching:
        return None
    share = await named.share_of_selection(
        tx, tops=selection.tops, operator_ids=selection.counted_operator_ids
    )
    if column in _BY_DAY:
        costs = _by_day(selection, matching, summary, column, limit, share)
    else:
        costs = [_in_periods(selection, matching, await _whole(tx, selection, summary), column, limit, share)]
    costs.append(_of_group(selection, matching, summary, share))
    return min(costs, key=lambda each: each[0])[1]


def _by_day(
    selection: Selection, matching: Sequence[Row], summary: Sequence[Row], column: str, limit: int, share: Row
) -> list[tuple[float, _Way]]:
    """What it takes to look at the bills of some days in order, all of them or operator by operator."""
    days = {row[column] for row in matching}
    every = _count((row for row in summary if row[column] in days), "wide")
    looked_at = _looked_at(limit, _count(matching, "bills"), every)
    in_order = _Way("in_order", sorted(days))
    if selection.tops is None:
        return [(looked_at * _BY_ITS_DAY, in_order)]
    # The first operator of the selection may come late: a run bills one after another.
    operators, everybody = max(int(share["operators"]), 1), every / _part(share)
    passed = min(looked_at / _part(share) + everybody / (operators + 1), everybody)
    costs = [(passed * _BY_ITS_DAY, in_order)]
    if column == "issued_on":
        of_each = min(looked_at, every / operators) * _BY_ITS_DAY + _GROUP
        costs.append((operators * of_each, replace(in_order, name="of_operators")))
    return costs


async def _whole(tx: Tx, selection: Selection, summary: Sequence[Row]) -> Sequence[Row]:
    """Return what the totals know of whole months of the selection's operators."""
    if not any(selection.days.values()):
        return summary
    return await many(named.whole_months(tx, operator_ids=selection.counted_operator_ids))


def _in_periods(
    selection: Selection,
    matching: Sequence[Row],
    whole: Sequence[Row],
    column: str,
    limit: int,
    share: Row,
) -> tuple[float, _Way]:
    """What it takes to look in each month in each of the indexes by this amount that have some that match."""
    parts, wide = _by_index(matching, "bills", column), _by_index(whole, "wide", column)
    looked_at = sum(
        _looked_at(_ALL if _come_last(selection, column, index) else limit, wanted, wide[period, index])
        for (period, index), wanted in parts.items()
    )
    way = _Way(
        "in_periods",
        periods=sorted({period for period, _index in parts}),
        indexes=frozenset(index for _period, index in parts),
    )
    return looked_at / _part(share), way


def _by_index(rows: Iterable[Row], count: str, column: str) -> Counter[tuple[str, str]]:
    """Return how many bills each month has in each index."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        counts[row["period"], _index(row["status"], column)] += row[count]
    return counts


def _index(status: str, column: str) -> str:
    """Return which index by an amount has bills of a status; by balance, what is owed in part has its own."""
    if status not in _OPEN:
        return "settled"
    return status if column == "balance_minor" else "open"


def _come_last(selection: Selection, column: str, index: str) -> bool:
    """Whether everything else of a month may come before those that match, in the order of an amount.

    A package's price is its bills' amount: they lie together. What is settled owes nothing, whatever it cost.
    """
    return selection.package_ids is not None and (column == "total_minor" or index != "settled")


def _looked_at(limit: int, wanted: int, every: int) -> float:
    """Return how many bills are passed until enough of those that match have been seen."""
    return float(min(limit * every / max(wanted, 1), every))


def _count(rows: Iterable[Row], name: str) -> int:
    return sum(int(row[name]) for row in rows)


def _part(share: Row) -> float:
    """Return which part of all bills the selection's operators have."""
    return float(min(max(share["share"], 0.0001), 1))


def _of_group(
    selection: Selection, matching: Sequence[Row], summary: Sequence[Row], share: Row
) -> tuple[float, _Way]:
    """What it takes to seek all that match, by operator, status and package, between two days.

    Where no package is asked for, each operator has as many groups as there are packages, and the index leaps
    from one to the next or reads on, whichever is less.
    """
    statuses = {row["status"] for row in matching}
    days = sorted({row["issued_on"] for row in matching})
    way = _Way("of_group", issued=(days[0], days[-1]))
    groups = int(share["operators"]) * len(statuses) * len(selection.package_ids or (1,))
    of_status = [row for row in summary if row["status"] in statuses]
    read = _count((row for row in of_status if days[0] <= row["issued_on"] <= days[-1]), "bills")
    cost = read * _IN_INDEX + groups * _GROUP
    if selection.package_ids is None:
        others = share["bills"] * _count(of_status, "bills") / _count(summary, "bills") - read
        cost += min(groups * share["packages"] * _GROUP, max(others, 0.0) * _IN_INDEX)
    return cost, way


def _needed(
    matching: Sequence[Row],
    column: str,
    *,
    newest_first: bool,
    limit: int,
    after: tuple[date, UUID] | None,
) -> set[date]:
    """Return the days that a page after this place can need, in its order."""
    counts: Counter[date] = Counter()
    for row in matching:
        counts[row[column]] += row["bills"]
    enough, needed = 0, set()
    for day in sorted(counts, reverse=newest_first):
        if after is not None and (day > after[0] if newest_first else day < after[0]):
            continue
        needed.add(day)
        # The day of the cursor may have been shown in part already.
        enough += counts[day] if after is None or day != after[0] else 0
        if enough >= limit:
            break
    return needed


async def _every_group(tx: Tx, selection: Selection, way: _Way) -> dict[str, Any]:
    """Every part of the index named, so that it is sought and not scanned, within what matches."""
    statuses = selection.statuses or list(STATUSES)
    if selection.overdue:
        statuses = [status for status in statuses if status in _OPEN]
    named_ones = await named.operators_of_selection(tx, tops=selection.tops)
    days = dict(zip(("issued_from", "issued_to"), way.issued or (), strict=False))
    return {"statuses": statuses, "operator_ids": named_ones["operator_ids"], **days}


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


async def settings_as_of(tx: Tx) -> Row:
    """Return how this installation bills, and when the youngest event that the view shows was said."""
    row: Row = await named.settings_as_of(tx)
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
