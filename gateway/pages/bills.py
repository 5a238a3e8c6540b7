"""Customer Bills: the list with its filters, and its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.domain import Problem
from gateway.http.requests import PathId, path_id
from gateway.pages.bill_address import BillAddress, in_tree_order, opposite
from gateway.pages.web import labels as words
from gateway.pages.web import render
from gateway.pages.web.preferences import PAGE_SIZES, remember
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import bills as queries
from gateway.schemas import cursors
from gateway.schemas.filters import Page
from gateway.store import bills as bill_store
from gateway.store import page_reads as page_queries
from shared.db import Tx


@get("/bills")
async def show_bills(visit: ThisVisit) -> Response[Any]:
    """The page, or (asked by HTMX) the part of it that a filter changes."""
    if not visit.query and not visit.is_swap:
        return render.see_other(await _where_to_open(visit))
    address = BillAddress.of(visit.query)
    size = address.limit or visit.desk.preferences.page_size
    async with visit.reading() as tx:
        listed = await _listed(tx, visit, address, size)
        choices = await _choices(tx, visit)
        rows = await row_context(tx, listed["items"])
        note = None if visit.is_swap else await _run_note(tx, visit)
    context = {
        **list_context(address, listed, size),
        **choices,
        **rows,
        "run_note": note,
    }
    if not visit.is_swap:
        answer = visit.page("bills/page.html", **context)
    else:
        answer = visit.page(
            "bills/changed.html",
            headers={"HX-Push-Url": _kept(address).to(cursor=address.cursor, before=address.before)},
            **context,
        )
    if address.limit in PAGE_SIZES:
        remember(answer, "desk_rows", str(address.limit))
    return answer


async def _where_to_open(visit: Visit) -> str:
    """The desk opens on the month of the youngest bill, said in the address."""
    async with visit.reading() as tx:
        period = await page_queries.latest_period(tx, visit.principal)
    return f"/bills?period={period or visit.desk.today.strftime('%Y-%m')}"


def _kept(address: BillAddress) -> BillAddress:
    """The address to keep: the page size is remembered elsewhere."""
    return replace(address, limit=None)


async def _listed(tx: Tx, visit: Visit, address: BillAddress, size: int) -> dict[str, Any]:
    """A page of bills with totals and the addresses of its neighbours."""
    secret = visit.gateway.secret
    backwards = bool(address.before)
    sort = opposite(address.sort) if backwards else address.sort
    page = Page(limit=size, cursor=address.before or address.cursor or None, sort=sort)
    try:
        listed = await queries.list_bills(tx, visit.principal, address.filter(), page, secret)
    except Problem as problem:
        if not any(name == "cursor" for name, _detail in problem.errors):
            raise
        # A place in a list that has been sorted otherwise since: begin at its beginning.
        page = Page(limit=size, sort=address.sort)
        listed = await queries.list_bills(tx, visit.principal, address.filter(), page, secret)
        address, backwards = replace(address, cursor="", before=""), False
    items = listed["items"][::-1] if backwards else listed["items"]
    more = listed["next_cursor"] is not None
    has_previous = more if backwards else bool(address.cursor)
    has_next = True if backwards else more
    kept = _kept(address)
    listed["items"] = items
    listed["first_page"] = kept.to() if has_previous else ""
    listed["previous_page"] = (
        kept.to(before=_place(items[0], opposite(address.sort), secret)) if items and has_previous else ""
    )
    listed["next_page"] = (
        kept.to(cursor=_place(items[-1], address.sort, secret)) if items and has_next else ""
    )
    return listed


def _place(bill: Mapping[str, Any], sort: str, secret: str) -> str:
    """The cursor that goes on after this bill."""
    return cursors.seal(secret, f"bills{sort}", str(bill[bill_store.SORTS[sort][1]]), str(bill["id"]))


def list_context(address: BillAddress, listed: Mapping[str, Any], size: int) -> dict[str, Any]:
    return {
        "address": _kept(address),
        "bills": listed["items"],
        "totals": listed["totals"],
        "as_of": datetime.fromisoformat(listed["as_of"]),
        "first_page": listed.get("first_page", ""),
        "previous_page": listed.get("previous_page", ""),
        "next_page": listed.get("next_page", ""),
        "page_size": size,
        "recordings": {},
    }


async def _choices(tx: Tx, visit: Visit) -> dict[str, Any]:
    """What the filters offer."""
    latest = await page_queries.latest_period(tx, visit.principal)
    current = visit.desk.today.strftime("%Y-%m")
    return {
        "operators": in_tree_order(await page_queries.operators(tx, visit.principal)),
        "packages": await page_queries.packages(tx, visit.principal),
        "latest_period": max(latest or current, current),
    }


async def row_context(tx: Tx, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What rows show beside their bill: the operator above, and what ended the matter."""
    paid = [UUID(bill["id"]) for bill in items if bill["status"] == "paid"]
    reissued = [UUID(bill["reissued_as"]) for bill in items if bill["reissued_as"]]
    last = await page_queries.last_payments(tx, paid) if paid else {}
    numbers = await page_queries.bill_numbers(tx, reissued) if reissued else {}
    notes: dict[str, Any] = {}
    for bill in items:
        if (payment := last.get(bill["id"])) is not None:
            notes[bill["id"]] = (words.method_name(payment["method"]), payment["paid_on"])
        elif bill["reissued_as"]:
            notes[bill["id"]] = (
                _("Reissued as %(number)s") % {"number": numbers.get(bill["reissued_as"], "")},
                None,
            )
    operators = list({UUID(bill["operator"]["id"]) for bill in items})
    return {"notes": notes, "parent_names": await page_queries.parent_names(tx, operators)}


async def _run_note(tx: Tx, visit: Visit) -> dict[str, str] | None:
    """The latest run, if it failed for somebody."""
    if not visit.desk.can("page:/runs"):
        return None
    runs = await queries.list_runs(tx, None, Page(limit=1), visit.gateway.secret)
    if not runs["items"] or not runs["items"][0]["failed"] or runs["items"][0]["dry_run"]:
        return None
    run = runs["items"][0]
    text = _("%(month)s run: %(number)s customers failed") % {
        "month": visit.formats.month(run["period"]),
        "number": visit.formats.count(run["failed"]),
    }
    return {"address": f"/runs/{run['id']}", "text": text}


@get("/bills/{bill_id:str}/row")
async def show_row(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """One row as it is now: asked again while a payment is on its way."""
    from gateway.pages.payments import row_after

    return await row_after(visit, path_id(bill_id), visit.request.query_params.get("operation"))


ROUTES = [show_bills, show_row]
