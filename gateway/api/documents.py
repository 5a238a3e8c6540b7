"""/bills/{id}/invoice.pdf: a bill as a file."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from gateway.api.declarations import says
from gateway.api.resources import one_of
from gateway.commands import documents as document_commands
from gateway.http import files
from gateway.http.requests import Here, PathId, Query, Who, path_id

LOOK = {"language": one_of(*files.LANGUAGES), "paper": one_of(*files.PAPERS)}


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


def address(request: Request[Any, Any, Any]) -> str:
    """Where the file is fetched once it is made: where it was asked for."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


ROUTES = [get_invoice]
