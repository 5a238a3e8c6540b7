"""Bills, receipts and statements as files; a statement also as figures."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from gateway.api.declarations import Wanted, says
from gateway.commands import documents as document_commands
from gateway.http import account_statements, files, responses
from gateway.http.requests import Here, PathId, Who, path_id, wants_csv
from gateway.http.responses import Answer
from gateway.queries import account_statements as account_statement_queries
from gateway.schemas import account_statements as account_statement_schemas
from gateway.schemas import documents as document_schemas
from gateway.store.access import acting_as

PDF = says(media=("application/pdf",))


@get("/bills/{bill_id:str}/invoice.pdf", summary="Get a bill as a PDF", opt=PDF)
async def get_invoice_file(
    request: Request[Any, Any, Any],
    gateway: Here,
    principal: Who,
    bill_id: PathId,
    wanted: Wanted[document_schemas.Look],
) -> Response[Any]:
    """Return the bill as it stands now, paid or void; 202 with the operation when it takes longer to make."""
    found = await document_commands.invoice(
        gateway, principal, path_id(bill_id), wanted, address=_address(request)
    )
    return files.answer(found)


@get("/payments/{payment_id:str}/receipt.pdf", summary="Get a payment's receipt as a PDF", opt=PDF)
async def get_receipt_file(
    request: Request[Any, Any, Any],
    gateway: Here,
    principal: Who,
    payment_id: PathId,
    wanted: Wanted[document_schemas.Look],
) -> Response[Any]:
    """Return the receipt for a sheet, or with `paper=80mm` or `58mm` for a thermal printer."""
    found = await document_commands.receipt(
        gateway, principal, path_id(payment_id), wanted, _address(request)
    )
    return files.answer(found)


@get(
    "/customers/{customer_id:str}/statement",
    summary="Get a customer's statement",
    opt=says(media=("application/json", "text/csv")),
)
async def get_statement(
    request: Request[Any, Any, Any],
    gateway: Here,
    principal: Who,
    customer_id: PathId,
    wanted: Wanted[document_schemas.StatementQuery],
) -> Answer[account_statement_schemas.Statement] | Response[Any]:
    """Return the account between two days: opening + billed - paid = closing; below zero is credit.

    With `Accept: text/csv` a line a movement, the opening balance first, the closing one last.
    """
    async with acting_as(gateway.pool, principal) as tx:
        found = await account_statement_queries.statement(tx, path_id(customer_id), wanted.from_, wanted.to)
    said = account_statement_queries.shown(found)
    if wants_csv(request):
        return account_statements.as_csv(said)
    return responses.json(said)


@get("/customers/{customer_id:str}/statement.pdf", summary="Get a customer's statement as a PDF", opt=PDF)
async def get_statement_file(
    request: Request[Any, Any, Any],
    gateway: Here,
    principal: Who,
    customer_id: PathId,
    wanted: Wanted[document_schemas.StatementFileQuery],
) -> Response[Any]:
    """Return the same account as a file; 202 with the operation when it takes longer to make."""
    days = (wanted.from_, wanted.to)
    found = await document_commands.statement(
        gateway, principal, path_id(customer_id), days, wanted, _address(request)
    )
    return files.answer(found)


def _address(request: Request[Any, Any, Any]) -> str:
    """Return where the file is fetched once it is made: where it was asked for."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


ROUTES = [get_invoice_file, get_receipt_file, get_statement, get_statement_file]
