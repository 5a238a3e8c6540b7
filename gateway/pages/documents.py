"""Documents from the desk: the file at once, or a page that waits for it and then gives it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any
from urllib.parse import quote

from litestar import Response, get

from gateway import problems
from gateway.commands import documents as document_commands
from gateway.commands.documents import File
from gateway.http import files
from gateway.http.requests import PathId, path_id, query_of
from gateway.operations import results
from gateway.operations.submit import Outcome
from gateway.pages.account_statements import statement_days
from gateway.pages.web import labels, render
from gateway.pages.web.addresses import own_address
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem, not_found
from gateway.schemas.documents import Look
from gateway.store import operations as operation_store


@get("/bills/{bill_id:str}/invoice.pdf")
async def download_invoice(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """The bill as a PDF, in the profile's language and on its paper."""
    address = f"/bills/{bill_id}/invoice.pdf"
    asking = document_commands.invoice(visit.gateway, visit.principal, path_id(bill_id), Look(), address)
    return await given(visit, asking, address, f"/bills/{bill_id}")


@get("/payments/{payment_id:str}/receipt.pdf")
async def download_receipt(visit: ThisVisit, payment_id: PathId) -> Response[Any]:
    """The receipt of a payment; `paper=80mm` or `58mm` is for a thermal printer."""
    address, look = _here(visit), query_of(Look, visit.request)
    asking = document_commands.receipt(visit.gateway, visit.principal, path_id(payment_id), look, address)
    return await given(visit, asking, address, _before(visit))


@get("/customers/{customer_id:str}/statement.pdf")
async def download_statement(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """A customer's account between two days."""
    query = statement_days(visit)
    address, days = _here(visit), (query.from_, query.to)
    asking = document_commands.statement(
        visit.gateway, visit.principal, path_id(customer_id), days, Look(), address
    )
    return await given(visit, asking, address, f"/customers/{customer_id}")


def _here(visit: Visit) -> str:
    path = str(visit.request.scope["path"])
    return f"{path}?{visit.query}" if visit.query else path


def _before(visit: Visit) -> str:
    """The page that the reader came from."""
    return own_address(render.current_address(visit.request))


async def given(visit: Visit, asking: Awaitable[File | Outcome], address: str, back: str) -> Response[Any]:
    """Return the file, the page that waits for it, or why there is none and the offer to try again."""
    try:
        document = await asking
    except Problem as problem:
        if problem.status not in (409, 503):
            raise
        return failed(visit, problem, address, back)
    if isinstance(document, File):
        return files.send(document)
    if document.problem is not None:
        return failed(visit, document.problem, address, back)
    return render.see_other(f"/documents/{document.operation_id}?next={quote(address)}&back={quote(back)}")


def failed(visit: Visit, problem: Problem, address: str, back: str) -> Response[Any]:
    """Return the page that says why there is no file, and offers to try again."""
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
        return failed(visit, problems.of_refusal(operation.problem), address, back)
    state = "ready" if described["state"] == "completed" else "waiting"
    return visit.page(
        "documents/page.html", state=state, address=address, back=back, document=described["resource"]
    )


ROUTES = [download_invoice, download_receipt, download_statement, show_document]
