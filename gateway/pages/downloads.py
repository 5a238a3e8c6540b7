"""Bulk downloads: how many bills, in which order, as what; then the ZIP or the print file."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from gateway.commands import bulk_actions as bulk_action_commands
from gateway.commands import downloads as download_commands
from gateway.http import downloads
from gateway.http.requests import PathId, path_id
from gateway.pages import documents, selections
from gateway.pages.bulk_action_fragments import show_started
from gateway.pages.selections import Selection
from gateway.pages.web.forms import Form, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.translations import ngettext
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.schemas import bulk_actions as bulk_action_schemas


def _orders() -> list[tuple[str, str]]:
    return [("number", _("Bill number")), ("address", _("Address")), ("operator", _("Operator"))]


@post("/bulk-actions/downloads/new", status_code=200)
async def show_new_download(visit: ThisVisit) -> Response[Any]:
    """Show how many bills it would be, in which order, and as one ZIP or one file to print."""
    return await DOWNLOAD.show(visit)


async def _download(visit: Visit) -> Sheet:
    selection = Selection.of(await visit.submission())
    summary = await selection.summary(visit)
    count = summary["bills"]
    label = ngettext("Download %(num)s PDF", "Download %(num)s PDFs", count)
    return Sheet(
        heading=_("Download PDFs"),
        label=label % {"num": visit.formats.count(count)} if count else "",
        stay="" if count else _("Nothing to download"),
        back="/bills",
        values={"order": "number", "output": "zip"},
        hidden=selection.hidden,
        texts=selections.texts(),
        context={"summary": summary, "orders": _orders()},
    )


def _body(typed: Typed) -> dict[str, Any]:
    return {
        "action": "download_pdf",
        "selection": Selection.of(typed.submission).body,
        "parameters": {"order": typed["order"] or "number", "output": typed["output"] or "zip"},
    }


# The selection is frozen; the drawer shows how it goes, and the browser saves what comes.
DOWNLOAD = Form(
    "/bulk-actions/downloads",
    shown_at=None,
    template="bulk_actions/download-form.html",
    sheet=_download,
    fields=("order", "output"),
    schema=bulk_action_schemas.BulkAction,
    body=_body,
    command=bulk_action_commands.start,
    done=show_started,
    target="#drawer",
)


@get("/bulk-actions/{action_id:str}/download")
async def download_zip(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """The ZIP, also while its files are still being made."""
    shown_id = path_id(action_id)
    try:
        return await downloads.send(visit.request, visit.gateway, visit.principal, shown_id)
    except Problem as problem:
        if problem.status not in (409, 503):
            raise
        address = f"/bulk-actions/{shown_id}"
        return documents.failed(visit, problem, f"{address}/download", address)


@get("/bulk-actions/{action_id:str}/print.pdf")
async def download_print_file(visit: ThisVisit, action_id: PathId) -> Response[Any]:
    """Every page in one file, in the same order."""
    shown_id = path_id(action_id)
    address = f"/bulk-actions/{shown_id}"
    asking = download_commands.print_file(visit.gateway, visit.principal, shown_id, f"{address}/print.pdf")
    return await documents.given(visit, asking, f"{address}/print.pdf", address)


ROUTES = [show_new_download, *DOWNLOAD.routes, download_zip, download_print_file]
