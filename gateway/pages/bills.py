"""Customer Bills: the list with its filters, one bill, and voiding it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response, get

from gateway.commands import bills as bill_commands
from gateway.http.requests import PathId, path_id
from gateway.operations import results
from gateway.pages import saved_views
from gateway.pages.bill_address import BillAddress
from gateway.pages.bill_fragments import bill_facts, changed_bill, row_after, row_context
from gateway.pages.bill_standing import standing
from gateway.pages.choices import in_tree_order
from gateway.pages.page_rows import around, opposite
from gateway.pages.web import forms, labels, render
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.preferences import PAGE_SIZES, remember
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem, not_found
from gateway.queries import billing_runs as billing_run_queries
from gateway.queries import bills as bill_queries
from gateway.schemas import bills as bill_schemas
from gateway.schemas import cursors
from gateway.schemas.filters import Page
from gateway.store import operations as operation_store
from gateway.store import operators as operator_store
from gateway.store import packages as package_store
from gateway.store.bill_pages import SORTS
from shared.db import Tx


@get("/bills/{bill_id:str}")
async def show_bill(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """The page of one bill."""
    asked = visit.request.query_params
    return visit.page(
        "bills/one/page.html",
        **await bill_facts(visit, path_id(bill_id)),
        recording=asked.get("recording", ""),
        notice="recorded" if asked.get("recorded") else asked.get("problem", ""),
    )


@get("/bills/{bill_id:str}/state")
async def show_state(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """Asked again while a payment is on its way."""
    bill_uuid, operation_id = path_id(bill_id), visit.request.query_params.get("operation", "")
    async with visit.reading() as tx:
        operation = await operation_store.find(tx, path_id(operation_id))
        if operation is None or operation.caller != visit.principal.caller:
            raise not_found()
        body = (
            await results.answer(tx, operation, visit.gateway.portals)
            if operation.state == "completed"
            else None
        )
    if operation.state == "refused" and operation.problem:
        text = labels.problem_text(str(operation.problem["code"]), str(operation.problem["detail"]))
        return await changed_bill(visit, bill_uuid, refusal=text)
    if body is None:
        return visit.page("bills/one/recording.html", bill_id=bill_id, recording=operation_id)
    if operation.kind == "void":
        return await changed_bill(visit, bill_uuid, voided=True)
    if operation.kind == "reversal":
        return await changed_bill(visit, bill_uuid, reversal=body)
    return await changed_bill(visit, bill_uuid, payment=body)


async def _voiding(visit: Visit, bill_id: UUID) -> Sheet:
    """Ask why a bill is voided; money on it must be reversed first. A void one can be reissued."""
    async with visit.reading() as tx:
        bill = await bill_queries.bill(tx, bill_id, visit.gateway.portals)
    is_void = bill["status"] == "void"
    return Sheet(
        heading=_("Reissue bill") if is_void else _("Void bill"),
        label=_("Reissue bill") if is_void else _("Void %(number)s") % {"number": bill["number"]},
        back=forms.came_from(visit, f"/bills/{bill_id}"),
        values={"reason": "", "reissue": ""},
        hidden=(("reissue", "true"),) if is_void else (),
        problem=labels.problem_text("has-payments") if bill["paid_minor"] else "",
        tone="primary" if is_void else "danger",
        context={"bill": bill},
    )


async def _voided(visit: Visit, sent: Sent) -> Response[Any]:
    """Show the bill as it is now, on its page or in its row."""
    bill_id = sent.subject_ids[0]
    if not visit.is_swap:
        return render.see_other(f"/bills/{bill_id}")
    if render.current_path(visit.request) == f"/bills/{bill_id}":
        return await changed_bill(visit, bill_id, voided=not sent.pending, recording=sent.pending)
    return await row_after(visit, bill_id, sent.pending or None)


VOID = Form(
    "/bills/{bill_id:str}/void",
    permission="void",
    template="bills/one/void-form.html",
    sheet=_voiding,
    fields=("reason", "reissue"),
    schema=bill_schemas.Void,
    body=lambda typed: {"reason": typed.reason(), "reissue": typed.is_ticked("reissue")},
    command=bill_commands.void_bill,
    done=_voided,
)


@get("/bills")
async def show_bills(visit: ThisVisit) -> Response[Any]:
    """Show the page, or (asked by HTMX) the part of it that a filter changes."""
    if not visit.query and not visit.is_swap:
        return render.see_other(await _where_to_open(visit))
    address = BillAddress.of(visit.query)
    if visit.is_swap and address.has_odd_range:
        return await _range_refused(visit, address)
    size = address.limit or visit.desk.preferences.page_size
    async with visit.reading() as tx:
        listed = await _listed(tx, visit, address, size)
        choices = await _choices(tx, visit)
        rows = await row_context(tx, listed["items"])
        note = None if visit.is_swap else await _run_note(tx, visit)
        views = await saved_views.offered(tx, visit, address, choices["newest_month"])
    context = {**list_context(address, listed, size), **choices, **rows, **views, "run_note": note}
    answer = _list_answer(visit, address, context)
    if address.limit in PAGE_SIZES:
        remember(answer, "desk_rows", str(address.limit))
    return answer


def _list_answer(visit: Visit, address: BillAddress, context: Mapping[str, Any]) -> Response[Any]:
    if visit.is_swap:
        shown = _kept(address).to(cursor=address.cursor, before=address.before, row=address.row)
        return visit.page("bills/changed.html", headers={"HX-Push-Url": shown}, **context)
    # An address that was typed or cut short: what it can mean is shown, and what it cannot is named.
    return visit.page("bills/page.html", 422 if address.odd else 200, odd=address.odd, **context)


async def _range_refused(visit: Visit, asked: BillAddress) -> Response[Any]:
    """The menu of months with what is wrong beside the days that were typed; the list stays as it is."""
    shown = BillAddress.of(render.current_query(visit.request))
    typed = replace(shown, issued_from=asked.issued_from, issued_to=asked.issued_to, odd=asked.odd)
    async with visit.reading() as tx:
        choices = await _choices(tx, visit)
    return visit.page(
        "bills/range-refused.html", 422, {"HX-Reswap": "none"}, address=typed, shown=shown, **choices
    )


async def _where_to_open(visit: Visit) -> str:
    """Return the view that the reader chose to open on, or the newest bill's month."""
    async with visit.reading() as tx:
        newest = await saved_views.newest_month(tx, visit)
        chosen = await saved_views.default_address(tx, visit, newest)
    return chosen or f"/bills?period={newest}"


def _kept(address: BillAddress) -> BillAddress:
    """The address to keep: the page size is remembered elsewhere."""
    return replace(address, limit=None)


async def _listed(tx: Tx, visit: Visit, address: BillAddress, size: int) -> dict[str, Any]:
    """Return a page of bills with totals and the addresses of its neighbours."""
    sort = opposite(address.sort) if address.before else address.sort
    page = Page(limit=size, cursor=address.before or address.cursor or None, sort=sort)
    gateway, wanted = visit.gateway, address.filter()
    try:
        listed = await bill_queries.list_bills(
            tx, visit.principal, wanted, page, gateway.secret, gateway.portals
        )
    except Problem as problem:
        if not any(name == "cursor" for name, _detail in problem.errors):
            raise
        # A place in a list that has been sorted otherwise since: begin at its beginning.
        page, address = Page(limit=size, sort=address.sort), replace(address, cursor="", before="")
        listed = await bill_queries.list_bills(
            tx, visit.principal, wanted, page, gateway.secret, gateway.portals
        )
    items = listed["items"][::-1] if address.before else listed["items"]
    return {
        **listed,
        "items": items,
        **around(_kept(address), {**listed, "items": items}, size, partial(_place, secret=gateway.secret)),
    }


def _place(bill: Mapping[str, Any], sort: str, *, secret: str) -> str:
    """The cursor that goes on after this bill."""
    return cursors.seal(secret, f"bills{sort}", str(bill[SORTS[sort].column]), str(bill["id"]))


def list_context(address: BillAddress, listed: Mapping[str, Any], size: int) -> dict[str, Any]:
    return {
        "address": _kept(address),
        "bills": listed["items"],
        "totals": listed["totals"],
        "standing": standing(listed["totals"], address),
        "as_of": render.now(),
        "first_row": listed.get("first_row", 1),
        "first_page": listed.get("first_page", ""),
        "previous_page": listed.get("previous_page", ""),
        "next_page": listed.get("next_page", ""),
        "page_size": size,
        "recordings": {},
    }


async def _choices(tx: Tx, visit: Visit) -> dict[str, Any]:
    """Return what the filters offer."""
    newest = await saved_views.newest_month(tx, visit)
    current = visit.desk.today.strftime("%Y-%m")
    return {
        "operators": in_tree_order(await operator_store.in_reach(tx, visit.principal)),
        "packages": await package_store.on_sale(tx, visit.principal),
        "latest_period": max(newest, current),
        "newest_month": newest,
    }


async def _run_note(tx: Tx, visit: Visit) -> dict[str, str] | None:
    """The latest run, if it failed for somebody."""
    if not visit.desk.can("page:/runs"):
        return None
    runs = await billing_run_queries.list_runs(tx, None, Page(limit=1), visit.gateway.secret)
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

    return await row_after(visit, path_id(bill_id), visit.request.query_params.get("operation"))


ROUTES = [show_bill, show_state, *VOID.routes, show_bills, show_row]
