"""Bulk downloads: how many bills, in which order, as what; then the ZIP or the print file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from gateway.commands import bulk_actions as bulk_action_commands
from gateway.commands import downloads as download_commands
from gateway.http import downloads
from gateway.http.requests import PathId, path_id
from gateway.pages import bulk_actions, documents
from gateway.pages.web import forms, labels, render
from gateway.pages.web.submission import Form
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.schemas import bulk_actions as bulk_action_schemas
from gateway.schemas import fields
from shared.ids import new_id


def _orders() -> list[tuple[str, str]]:
    return [("number", _("Bill number")), ("address", _("Address")), ("operator", _("Operator"))]


@post("/bulk-actions/downloads/new", status_code=200)
async def show_new_download(visit: ThisVisit) -> Response[Any]:
    """How many bills it would be, in which order, and as one ZIP or one file to print."""
    values = {"order": "number", "output": "zip", "idempotency_key": str(new_id())}
    return await _ask(visit, await visit.form(), values)


async def _ask(visit: Visit, form: Form, values: Mapping[str, str], problem: str = "") -> Response[Any]:
    bill_ids, address = bulk_actions.selection_of(form)
    summary = await bulk_actions.summary_of(visit, bill_ids, address)
    return forms.decision(
        visit,
        "bulk_actions/download-form.html",
        _("Download PDFs"),
        "/bills",
        422 if problem else 200,
        summary=summary,
        bill_ids=[str(each) for each in bill_ids],
        filter="" if address is None else address.to()[7:],
        values=values,
        orders=_orders(),
        problem=problem,
    )


@post("/bulk-actions/downloads", status_code=200)
async def start_download(visit: ThisVisit) -> Response[Any]:
    """Freeze the selection and begin; the drawer shows how it goes, and the browser saves what comes."""
    form = await visit.form()
    bill_ids, address = bulk_actions.selection_of(form)
    selection: dict[str, Any] = (
        {"bill_ids": [str(each) for each in bill_ids]}
        if address is None
        else {"filter": address.as_filter_body()}
    )
    values = {"order": form.one("order", "number"), "output": form.one("output", "zip")}
    raw = json.dumps({"action": "download_pdf", "selection": selection, "parameters": values})
    try:
        action = await bulk_action_commands.start(
            visit.gateway,
            visit.principal,
            lambda: fields.read(bulk_action_schemas.BulkAction, raw.encode()),
            form.key("downloads", raw),
        )
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        answer = await _ask(visit, form, forms.afresh(values), _why(problem))
        answer.headers["HX-Retarget"] = "#dialog"
        answer.headers["HX-Reswap"] = "innerHTML"
        return answer
    if not visit.is_swap:
        return render.see_other(f"/bulk-actions/{action['id']}")
    facts = await bulk_actions.facts_of(visit, UUID(action["id"]))
    return visit.page("bulk_actions/started.html", **facts)


def _why(problem: Problem) -> str:
    if any(name.startswith("selection") for name, _detail in problem.errors) and problem.code == "invalid":
        return _("Choose at least one bill.")
    return labels.problem_text(problem.code, problem.detail)


@get("/bulk-actions/{action_id:str}/download")
async def download_zip(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """The ZIP, also while its files are still being made."""
    found = path_id(action_id)
    try:
        return await downloads.send(visit.request, visit.gateway, visit.principal, found)
    except Problem as problem:
        if problem.status not in (409, 503):
            raise
        address = f"/bulk-actions/{found}"
        return documents.failed(visit, problem, f"{address}/download", address)


@get("/bulk-actions/{action_id:str}/print.pdf")
async def download_print_file(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """Every page in one file, in the same order."""
    found = path_id(action_id)
    address = f"/bulk-actions/{found}"
    asking = download_commands.print_file(visit.gateway, visit.principal, found, f"{address}/print.pdf")
    return await documents.given(visit, asking, f"{address}/print.pdf", address)


ROUTES = [show_new_download, start_download, download_zip, download_print_file]
