"""Documents from the desk: the file at once, or a page that waits for it and then gives it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response, get

from gateway import problems
from gateway.commands import documents as document_commands
from gateway.commands.documents import File, Look
from gateway.http import files
from gateway.http.requests import PathId, path_id
from gateway.operations import results
from gateway.operations.submit import Outcome
from gateway.pages.web import labels, render
from gateway.pages.web.addresses import own_address
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem, not_found
from gateway.store import operations as operation_store


@get("/bills/{bill_id:str}/invoice.pdf")
async def download_invoice(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """The bill as a PDF, in the profile's language and on its paper."""
    address, back = f"/bills/{bill_id}/invoice.pdf", f"/bills/{bill_id}"
    try:
        found = await document_commands.invoice(
            visit.gateway, visit.principal, path_id(bill_id), Look(), address
        )
    except Problem as problem:
        if problem.status not in (409, 503):
            raise
        return _failed(visit, problem, address, back)
    return _given(visit, found, address, back)


def _given(visit: Visit, found: File | Outcome, address: str, back: str) -> Response[Any]:
    if isinstance(found, File):
        return files.send(found)
    if found.problem is not None:
        return _failed(visit, found.problem, address, back)
    return render.see_other(f"/documents/{found.operation_id}?next={quote(address)}&back={quote(back)}")


def _failed(visit: Visit, problem: Problem, address: str, back: str) -> Response[Any]:
    text = labels.problem_text(problem.code, problem.detail)
    return visit.page(
        "documents/page.html", problem.status, state="failed", address=address, back=back, text=text
    )


@get("/documents/{operation_id:str}")
async def show_document(visit: ThisVisit, operation_id: PathId) -> Response[Any]:
    """A file that is being made: looks again every two seconds, with JavaScript or without, then gives it."""
    asked = visit.request.query_params
    address, back = own_address(asked.get("next", "")), own_address(asked.get("back", ""))
    async with visit.reading() as tx:
        operation = await operation_store.find(tx, path_id(operation_id))
        if operation is None or operation.caller != visit.principal.caller or operation.kind != "document":
            raise not_found("There is no such operation.")
        described = await results.describe(tx, operation, visit.gateway.portals)
    if operation.problem is not None:
        return _failed(visit, problems.of_refusal(operation.problem), address, back)
    state = "ready" if described["state"] == "completed" else "waiting"
    return visit.page(
        "documents/page.html", state=state, address=address, back=back, document=described["resource"]
    )


ROUTES = [download_invoice, show_document]
