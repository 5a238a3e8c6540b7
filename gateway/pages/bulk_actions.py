"""Bulk actions: what is about to happen, how it goes, what became of each bill, and the history of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Stream

from gateway.commands import bulk_actions as bulk_action_commands
from gateway.http.downloads import name_of
from gateway.http.requests import PathId, Presence, path_id
from gateway.pages.bill_address import BillAddress
from gateway.pages.web import forms, labels, render
from gateway.pages.web.submission import Form
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import billing_runs as billing_run_queries
from gateway.queries import bills as bill_queries
from gateway.queries import bulk_actions as bulk_action_queries
from gateway.schemas import bulk_actions as bulk_action_schemas
from gateway.schemas import fields
from gateway.store import bills as bill_store
from gateway.store import bulk_actions as bulk_action_store
from gateway.store import downloads as download_store
from shared.ids import new_id
from shared.values.days import read_day
from shared.values.unreadable import Unreadable

ENDED = ("completed", "cancelled")
EVENT_PAUSE_SECONDS = 0.25
ITEMS_IN_DRAWER = 12
FILES_SHOWN = 3
ITEMS_ON_PAGE = 500
ACTIONS_A_PAGE = 50
SPOKEN_PERCENT = 10


@post("/bulk-actions/new", status_code=200)
async def show_new(visit: ThisVisit) -> Response[Any]:
    """What a selection adds up to, before anything is done with it."""
    visit.principal.must("record-payment")
    form = await visit.form()
    if "send_payment_link" in (form.one("action"), visit.request.query_params.get("action")):
        return await _no_links(visit, form)
    values = {
        "paid_on": visit.desk.today.isoformat(),
        "method": "cash",
        "reference": "",
        "idempotency_key": str(new_id()),
    }
    return await _confirmation(visit, form, values)


async def _no_links(visit: Visit, form: Form) -> Response[Any]:
    """What is missing for links to a whole selection, and what staff can do meanwhile."""
    visit.principal.must("send-links")
    return forms.decision(
        visit,
        "bulk_actions/no-links-body.html",
        _("Send payment links"),
        "/bills",
        summary=await summary_of(visit, *selection_of(form)),
        missing=labels.problem_text("sms-gateway-not-configured"),
    )


async def _confirmation(
    visit: Visit,
    form: Form,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response[Any]:
    bill_ids, address = selection_of(form)
    summary = await summary_of(visit, bill_ids, address)
    return forms.decision(
        visit,
        "bulk_actions/mark-paid-form.html",
        _("Mark bills as paid"),
        "/bills",
        status,
        summary=summary,
        bill_ids=[str(each) for each in bill_ids],
        filter="" if address is None else address.to()[7:],
        values=values,
        errors=errors or {},
        problem=problem,
        methods=labels.methods(),
    )


def selection_of(form: Form) -> tuple[list[UUID], BillAddress | None]:
    """Bills one by one, or (second) the filter that names all of them."""
    if form.one("selection") == "filter":
        return [], BillAddress.of(form.one("filter").removeprefix("?"))
    return [path_id(each) for each in form.all("bill_ids")], None


async def summary_of(visit: Visit, bill_ids: list[UUID], address: BillAddress | None) -> Mapping[str, Any]:
    """What a selection adds up to."""
    async with visit.reading() as tx:
        if address is None:
            return await bill_store.selection_summary(tx, bill_ids)
        totals = await bill_queries.sum_all(tx, visit.principal, address.filter())
    by_status = totals["by_status"]
    chosen = address.statuses or ("unpaid", "partial", "paid", "void")
    if address.overdue:
        # Whatever is overdue is open; the split by status is not known without counting them.
        unpaid, partial = totals["count"], 0
    else:
        unpaid, partial = (by_status[name] if name in chosen else 0 for name in ("unpaid", "partial"))
    return {
        "bills": totals["count"],
        "unpaid": unpaid,
        "partial": partial,
        "other": totals["count"] - unpaid - partial,
        "balance_minor": totals["balance_minor"],
        "operator_name": "",
        "operators": 0,
    }


@post("/bulk-actions", status_code=200)
async def start(visit: ThisVisit) -> Response[Any]:
    """Freeze the selection and begin; the drawer shows how it goes."""
    visit.principal.must("record-payment")
    form = await visit.form()
    values = {name: form.one(name) for name in ("paid_on", "method", "reference", "idempotency_key")}
    try:
        paid_on = read_day(values["paid_on"], "day_first", visit.formats.zone) if values["paid_on"] else None
    except Unreadable as error:
        return await _again(visit, form, values, {"paid_on": labels.unreadable_text(error)})
    bill_ids, address = selection_of(form)
    selection: dict[str, Any] = (
        {"bill_ids": [str(each) for each in bill_ids]}
        if address is None
        else {"filter": address.as_filter_body()}
    )
    raw = json.dumps(
        {
            "action": "mark_paid",
            "selection": selection,
            "parameters": {
                "paid_on": paid_on.isoformat() if paid_on else None,
                "method": values["method"] or "cash",
                "reference": values["reference"] or None,
            },
        }
    )
    try:
        action = await bulk_action_commands.start(
            visit.gateway,
            visit.principal,
            lambda: fields.read(bulk_action_schemas.BulkAction, raw.encode()),
            form.key("bulk", raw),
        )
    except Problem as problem:
        return await _refused(visit, form, values, problem)
    if not visit.is_swap:
        return render.see_other(f"/bulk-actions/{action['id']}")
    return visit.page("bulk_actions/started.html", **await facts_of(visit, UUID(action["id"])))


async def _refused(visit: Visit, form: Form, values: Mapping[str, str], problem: Problem) -> Response[Any]:
    """The dialog again, with what was wrong."""
    if problem.status not in (409, 422):
        raise problem
    errors = {name.removeprefix("parameters."): text for name, text in labels.field_errors(problem).items()}
    known = {name: text for name, text in errors.items() if name in values}
    if "selection.bill_ids" in errors or "selection" in errors:
        known, text = {}, _("Choose at least one bill.")
    else:
        text = "" if known else labels.problem_text(problem.code, problem.detail)
    return await _again(visit, form, values, known, text)


async def _again(
    visit: Visit, form: Form, values: Mapping[str, str], errors: dict[str, str], problem: str = ""
) -> Response[Any]:
    answer = await _confirmation(visit, form, forms.afresh(values), errors, problem, status=422)
    answer.headers["HX-Retarget"] = "#dialog"
    answer.headers["HX-Reswap"] = "innerHTML"
    return answer


async def facts_of(visit: Visit, action_id: UUID, most: int = ITEMS_IN_DRAWER) -> dict[str, Any]:
    """Everything a drawer or a page shows of one action."""
    async with visit.reading() as tx:
        action = await bulk_action_queries.describe(tx, visit.principal, action_id)
        facts = await bulk_action_store.facts(tx, action_id)
        if action["run_id"]:
            run = await _run(tx, UUID(action["run_id"]))
            return {
                "action": action,
                "facts": facts,
                "run": run,
                "run_id": action["run_id"],
                "undone_by": None,
                "ended": has_ended(action),
                "files": None,
            }
        failed = (
            await bulk_action_store.items_shown(tx, action_id, "failed", most) if action["failed"] else []
        )
        outcomes = (
            await bulk_action_store.outcomes(tx, action_id) if action["failed"] or action["skipped"] else []
        )
        undone_by = await bulk_action_store.undo_of(tx, action_id)
        files = await _files(tx, action)
    return {
        "action": action,
        "facts": facts,
        "run": None,
        "run_id": None,
        "failed": [(key, list(group)) for key, group in groupby(failed, key=lambda item: item["outcome"])],
        "more_failed": action["failed"] - len(failed),
        "skipped": [row for row in outcomes if row["state"] == "skipped"],
        "cancelled": sum(row["items"] for row in outcomes if row["outcome"] == "cancelled"),
        "undone_by": undone_by,
        "ended": has_ended(action),
        "files": files,
    }


async def _files(tx: Any, action: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What a download has made so far."""
    if action["action"] != "download_pdf":
        return None
    action_id = UUID(action["id"])
    download = await download_store.find(tx, action_id)
    count, size_bytes = await download_store.sum_of_files(tx, action_id)
    return {
        "name": name_of(download) if download else "",
        "count": count,
        "size_bytes": size_bytes,
        "first": await download_store.first_files(tx, action_id, FILES_SHOWN),
        "prints": action["parameters"].get("output") == "print",
    }


async def _run(tx: Any, run_id: UUID) -> Mapping[str, Any] | None:
    try:
        return await billing_run_queries.run(tx, run_id)
    except Problem:
        return None


def has_ended(action: Mapping[str, Any]) -> bool:
    return action["state"] in ENDED


@get("/bulk-actions")
async def list_actions(visit: ThisVisit) -> Response[Any]:
    """The history of bulk actions."""
    after = visit.request.query_params.get("after")
    async with visit.reading() as tx:
        rows = await bulk_action_store.latest(
            tx, visit.principal, path_id(after) if after else None, ACTIONS_A_PAGE + 1
        )
        actions = [
            {
                **await bulk_action_queries.describe(tx, visit.principal, row["id"]),
                "actor_name": row["actor_name"],
                "undone_by": await bulk_action_store.undo_of(tx, row["id"]),
            }
            for row in rows[:ACTIONS_A_PAGE]
        ]
    more = f"/bulk-actions?after={actions[-1]['id']}" if len(rows) > ACTIONS_A_PAGE else ""
    return visit.page(
        "bulk_actions/list.html", actions=actions, next_page=more, first_page="/bulk-actions" if after else ""
    )


@get("/bulk-actions/{action_id:str}")
async def show_action(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """One action on its page; in the drawer when the desk asks for it."""
    found = path_id(action_id)
    if visit.is_swap:
        return visit.page("bulk_actions/drawer.html", **await facts_of(visit, found))
    return visit.page("bulk_actions/page.html", **await facts_of(visit, found, ITEMS_ON_PAGE))


@get("/bulk-actions/{action_id:str}/events")
async def send_events(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """Progress and failures as HTML, at most four times a second, until the action has ended."""
    found = path_id(action_id)
    first, presence = await facts_of(visit, found), Presence(visit.request, visit.gateway)

    async def events() -> AsyncIterator[bytes]:
        facts, shown, spoken = first, None, -1
        began, done_then = datetime.now(UTC), _done(first["action"])
        while True:
            action = facts["action"]
            if action != shown:
                percent = _done(action) * 100 // max(action["total"], 1)
                spoken = (
                    percent // SPOKEN_PERCENT * SPOKEN_PERCENT
                    if percent >= spoken + SPOKEN_PERCENT
                    else spoken
                )
                left = _seconds_left(action, done_then, began)
                context = {**facts, "spoken": spoken, "seconds_left": left}
                yield _event("progress", render.to_text(visit.desk, "bulk_actions/progress.html", context))
                if shown is None or action["failed"] != shown["failed"] or facts["ended"]:
                    yield _event("items", render.to_text(visit.desk, "bulk_actions/items.html", context))
                shown = action
            if facts["ended"]:
                yield _event("footer", render.to_text(visit.desk, "bulk_actions/footer.html", facts))
                yield _event("ended", "ended")
                return
            await asyncio.sleep(EVENT_PAUSE_SECONDS)
            if not await presence.lasts():
                return
            facts = await facts_of(visit, found)

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(events(), media_type="text/event-stream", headers=headers)


def _done(action: Mapping[str, Any]) -> int:
    return int(action["total"] - action["pending"])


def _seconds_left(action: Mapping[str, Any], done_then: int, began: datetime) -> int | None:
    """By the pace so far; unknown until there is one."""
    done = _done(action) - done_then
    elapsed = (datetime.now(UTC) - began).total_seconds()
    return round(action["pending"] * elapsed / done) if done > 0 and elapsed > 0.5 else None


def _event(name: str, html: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in html.splitlines() if line.strip())
    return f"event: {name}\n{lines}\n".encode()


@get("/bulk-actions/{action_id:str}/cancel")
async def show_cancel(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """What stopping leaves done and undone, before it is stopped; the work goes on meanwhile."""
    found = path_id(action_id)
    async with visit.reading() as tx:
        action = await bulk_action_queries.describe(tx, visit.principal, found)
    return forms.decision(
        visit,
        "bulk_actions/cancel-form.html",
        _("Cancel the rest"),
        f"/bulk-actions/{found}",
        action=action,
        ended=has_ended(action),
    )


@post("/bulk-actions/{action_id:str}/cancel", status_code=200)
async def cancel(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """Send no more; what was not sent is skipped."""
    await visit.form()
    await bulk_action_commands.cancel(visit.gateway, visit.principal, path_id(action_id))
    return await _as_it_is(visit, action_id)


@post("/bulk-actions/{action_id:str}/retry", status_code=200)
async def retry(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """The failed ones once more, at the balance of now."""
    await visit.form()
    await bulk_action_commands.retry(visit.gateway, visit.principal, path_id(action_id))
    return await _as_it_is(visit, action_id)


@get("/bulk-actions/{action_id:str}/undo")
async def show_undo(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """How many payments, and how much, would be taken back."""
    visit.principal.must("reverse")
    return await _undo_form(visit, path_id(action_id), {"reason": "", "idempotency_key": str(new_id())})


async def _undo_form(
    visit: Visit,
    action_id: UUID,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response[Any]:
    async with visit.reading() as tx:
        action = await bulk_action_queries.describe(tx, visit.principal, action_id)
        facts = await bulk_action_store.facts(tx, action_id)
    answer = forms.decision(
        visit,
        "bulk_actions/undo-form.html",
        _("Undo a mark as paid"),
        f"/bulk-actions/{action_id}",
        status,
        action=action,
        facts=facts,
        values=values,
        errors=errors or {},
        problem=problem,
    )
    answer.headers["HX-Retarget"] = "#dialog"
    answer.headers["HX-Reswap"] = "innerHTML"
    return answer


@post("/bulk-actions/{action_id:str}/undo", status_code=200)
async def undo(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """Take every payment of the action back, as one action with its own progress."""
    visit.principal.must("reverse")
    undone, form = path_id(action_id), await visit.form()
    values = {name: form.one(name) for name in ("reason", "idempotency_key")}
    if not values["reason"]:
        errors = {"reason": _("Say why, for whoever looks at this later.")}
        return await _undo_form(visit, undone, values, errors, status=422)
    raw = json.dumps({"reason": values["reason"]})
    try:
        action = await bulk_action_commands.undo(
            visit.gateway,
            visit.principal,
            undone,
            lambda: fields.read(fields.Reason, raw.encode()),
            form.key("undo", action_id, raw),
        )
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        errors = {name: text for name, text in labels.field_errors(problem).items() if name == "reason"}
        text = "" if errors else labels.problem_text(problem.code, problem.detail)
        fresh = forms.afresh(values)
        return await _undo_form(visit, undone, fresh, errors, text, status=422)
    if not visit.is_swap:
        return render.see_other(f"/bulk-actions/{action['id']}")
    return visit.page("bulk_actions/started.html", **await facts_of(visit, UUID(action["id"])))


async def _as_it_is(visit: Visit, action_id: str) -> Response[Any]:
    if not visit.is_swap:
        return render.see_other(f"/bulk-actions/{action_id}")
    if render.current_path(visit.request).startswith("/bulk-actions"):
        return Response("", headers={"HX-Refresh": "true"}, media_type="text/html")
    return visit.page("bulk_actions/started.html", **await facts_of(visit, path_id(action_id)))


ROUTES = [
    show_new,
    start,
    list_actions,
    show_action,
    send_events,
    show_cancel,
    cancel,
    retry,
    show_undo,
    undo,
]
