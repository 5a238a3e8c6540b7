"""Bills: pages of a filter with their totals, and one bill with its lines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from gateway.access import Principal
from gateway.problems import not_found, wrong
from gateway.queries import payment_links as payment_link_queries
from gateway.queries.billing_settings import DEFAULT_SETTINGS, billing_settings, country, today
from gateway.queries.operators import operators, tops_among
from gateway.queries.packages import package
from gateway.schemas import bills as bill_schemas
from gateway.schemas import cursors, fields
from gateway.schemas.filters import BillFilter, Page
from gateway.schemas.portal_links import Portals
from gateway.schemas.searches import Search, read_search
from gateway.store import bills as bill_store
from gateway.store.access import acting_as
from gateway.store.bill_pages import SORTS
from gateway.store.statements import Row
from shared import clock
from shared.db import Pool, Tx

AT_ONCE = 1_000


async def list_bills(
    tx: Tx, principal: Principal, wanted: BillFilter, page: Page, secret: str, portals: Portals
) -> bill_schemas.BillList:
    """A page of bills with the totals of the whole filter: `{items, next_cursor, totals, as_of}`."""
    settings = await bill_store.settings_as_of(tx)
    if settings["version"] is None:
        settings = {**DEFAULT_SETTINGS, "as_of": settings["as_of"]}
    selection = await select(tx, principal, wanted, clock.today(settings["time_zone"]))
    rows, sums = await bill_store.listed(tx, selection, page.sort, page.limit + 1, _place(page, secret))
    shown = rows[: page.limit]
    sent = await payment_link_queries.of_bills(tx, [row["id"] for row in shown], portals)
    is_exact = selection.found is None or selection.found.exact
    return {
        "items": [bill_schemas.bill_item(row, selection.today, *sent[row["id"]]) for row in shown],
        "next_cursor": _next(shown[-1], page.sort, secret) if len(rows) > page.limit else None,
        "totals": bill_schemas.totals(
            sums, selection.statuses, selection.overdue, settings["currency"], is_exact
        ),
        "as_of": fields.moment(settings["as_of"] or clock.now()),
    }


async def stream_bills(
    pool: Pool, principal: Principal, selection: bill_store.Selection, sort: str
) -> AsyncIterator[bill_schemas.BillItem]:
    """Every bill of the selection, a thousand at a time.

    Each thousand is read in a transaction of its own: between two of them the reader may take as long as it
    likes, and holds nothing.
    """
    column, after = SORTS[sort].column, None
    while True:
        async with acting_as(pool, principal) as tx:
            rows = await bill_store.page(tx, selection, sort, AT_ONCE, after)
        for row in rows:
            yield bill_schemas.bill_item(row, selection.today)
        if len(rows) < AT_ONCE:
            return
        after = (rows[-1][column], rows[-1]["id"])


async def sum_all(tx: Tx, principal: Principal, wanted: BillFilter) -> bill_schemas.Totals:
    """The totals of a filter that something is to be done with; a search counts whole."""
    settings = await billing_settings(tx)
    selection = await select_all(tx, principal, wanted, clock.today(settings["time_zone"]))
    sums = await bill_store.totals(tx, selection)
    return bill_schemas.totals(sums, selection.statuses, selection.overdue, settings["currency"], True)


async def select_all(
    tx: Tx, principal: Principal, wanted: BillFilter, on: date, field: str = "q"
) -> bill_store.Selection:
    """A filter made ready with everything that its search matches; 422 when that is more than we can take."""
    selection = await select(tx, principal, wanted, on, bill_store.MOST_SELECTED)
    if selection.found is not None:
        refuse_a_part(selection.found, field)
    return selection


def refuse_a_part(found: bill_store.Found, field: str = "q") -> None:
    """422 when a search has matched more than it says."""
    if not found.exact:
        most = f"{bill_store.MOST_SELECTED:,}"
        detail = f"The search matches more than {most} customers; add a word or a filter."
        raise wrong(field, detail, "too-many")


async def select(
    tx: Tx,
    principal: Principal,
    wanted: BillFilter,
    on: date,
    most_found: int = bill_store.MOST_FOUND,
) -> bill_store.Selection:
    """A filter made ready; an operator or package out of reach is 404, as an unknown one."""
    for package_id in wanted.package_ids:
        await package(tx, principal, package_id)
    chosen = await operators(tx, principal, wanted.operator_ids)
    selection = bill_store.Selection(
        tops=tops_among(principal, chosen),
        counted_operator_ids=_counted(chosen) or [principal.operator_id],
        package_ids=list(wanted.package_ids) or None,
        statuses=list(wanted.statuses) or None,
        period=wanted.period,
        issued_from=wanted.issued_from,
        issued_to=wanted.issued_to,
        overdue=wanted.overdue,
        today=on,
        found=None,
        due_from=wanted.due_from,
        due_to=wanted.due_to,
    )
    if wanted.q is None:
        return selection
    search = await search_of(tx, wanted.q)
    return replace(selection, found=await bill_store.find(tx, principal.top, search, most_found))


async def search_of(tx: Tx, words: str) -> Search:
    """Return what was typed, with the mobiles of the installation's country as they are kept."""
    return read_search(words, await country(tx))


def _counted(chosen: Sequence[Row]) -> list[UUID]:
    """Return whose totals to add up: those of an operator below another are in that one's already."""
    ids = {row["id"] for row in chosen}
    return [row["id"] for row in chosen if not any(above in ids for above in row["path"][:-1])]


def _place(page: Page, secret: str) -> tuple[Any, UUID] | None:
    if page.cursor is None:
        return None
    value, bill_id = cursors.unseal(secret, f"bills{page.sort}", page.cursor, 2)
    column = SORTS[page.sort].column
    return (int(value) if column.endswith("_minor") else date.fromisoformat(value)), UUID(bill_id)


def _next(row: Mapping[str, Any], sort: str, secret: str) -> str:
    return cursors.seal(secret, f"bills{sort}", str(row[SORTS[sort].column]), str(row["id"]))


async def bill_row(tx: Tx, bill_id: UUID) -> Row:
    """Return a bill within reach as it is kept, or raise 404."""
    row = await bill_store.by_id(tx, bill_id)
    if row is None:
        raise not_found("There is no such bill.")
    return row


async def bill(tx: Tx, bill_id: UUID, portals: Portals) -> bill_schemas.Bill:
    """One bill with its lines, its last link and its last message."""
    row = await bill_row(tx, bill_id)
    sent = await payment_link_queries.of_bills(tx, [bill_id], portals)
    return bill_schemas.bill(row, await today(tx), *sent[bill_id])
