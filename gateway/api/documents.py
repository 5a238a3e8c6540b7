"""/bills/{id}/invoice.pdf: a bill as a file."""

from __future__ import annotations

from litestar import Response, get

from gateway.http.requests import Here, PathId, Who, path_id
from gateway.problems import Problem
from gateway.queries import bills as bill_queries
from gateway.store.access import acting_as


@get("/bills/{bill_id:str}/invoice.pdf", summary="The invoice as a PDF")
async def get_invoice(gateway: Here, principal: Who, bill_id: PathId) -> Response[bytes]:
    """409 for as long as nothing is set up that could render it."""
    async with acting_as(gateway.pool, principal) as tx:
        await bill_queries.bill(tx, path_id(bill_id))
    raise Problem(409, "documents-not-configured", "Invoices cannot be rendered yet.")


ROUTES = [get_invoice]
