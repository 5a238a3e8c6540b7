"""Bills, receipts and statements as files; a statement also as figures."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from gateway.api.declarations import says
from gateway.api.resources import DAY, one_of, ref
from gateway.commands import documents as document_commands
from gateway.http import files, responses
from gateway.http.requests import Here, PathId, Query, Who, path_id
from gateway.queries import account_statements as account_statement_queries
from gateway.store.access import acting_as

LOOK = {"language": one_of(*files.LANGUAGES), "paper": one_of(*files.PAPERS)}

DAYS = {"from": DAY, "to": DAY}


@get("/bills/{bill_id:str}/invoice.pdf", summary="The invoice as a PDF", opt=says(None, query=LOOK))
async def get_invoice(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, bill_id: PathId
) -> Response[Any]:
    """The bill as it stands now, paid or void; 202 with the operation when it takes longer to make."""
    look = files.look_of(Query(request))
    found = await document_commands.invoice(
        gateway, principal, path_id(bill_id), look, address=address(request)
    )
    return files.answer(found)


@get(
    "/payments/{payment_id:str}/receipt.pdf",
    summary="A payment's receipt as a PDF",
    opt=says(None, query=LOOK),
)
async def get_receipt(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, payment_id: PathId
) -> Response[Any]:
    """For a sheet, or with `paper=80mm` or `58mm` for a thermal printer."""
    look = files.look_of(Query(request))
    found = await document_commands.receipt(gateway, principal, path_id(payment_id), look, address(request))
    return files.answer(found)


@get(
    "/customers/{customer_id:str}/statement",
    summary="A customer's account between two days",
    opt=says(ref("Statement"), query=DAYS),
)
async def get_statement(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, customer_id: PathId
) -> Response[bytes]:
    """Opening + billed − paid = closing; below zero is credit. Without days: twelve months."""
    query = Query(request)
    async with acting_as(gateway.pool, principal) as tx:
        found = await account_statement_queries.statement(
            tx, path_id(customer_id), query.day("from"), query.day("to")
        )
    return responses.json(account_statement_queries.shown(found))


@get(
    "/customers/{customer_id:str}/statement.pdf",
    summary="A customer's statement as a PDF",
    opt=says(None, query=LOOK | DAYS),
)
async def get_statement_file(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, customer_id: PathId
) -> Response[Any]:
    """The same account as a file."""
    query = Query(request)
    days = (query.day("from"), query.day("to"))
    found = await document_commands.statement(
        gateway, principal, path_id(customer_id), days, files.look_of(query), address(request)
    )
    return files.answer(found)


def address(request: Request[Any, Any, Any]) -> str:
    """Where the file is fetched once it is made: where it was asked for."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


ROUTES = [get_invoice, get_receipt, get_statement, get_statement_file]
