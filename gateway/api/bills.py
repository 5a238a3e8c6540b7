"""/bills: what is owed."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from gateway.api.declarations import Asked, Wanted, says
from gateway.commands import bills as bill_commands
from gateway.http import responses
from gateway.http.csv import stream_csv
from gateway.http.requests import Here, PathId, Who, path_id, wants_csv
from gateway.http.responses import Answer, Written
from gateway.queries import billing_settings as settings_queries
from gateway.queries import bills as bill_queries
from gateway.schemas import bills as bill_schemas
from gateway.store.access import acting_as


@get("/bills", summary="List bills with their totals", opt=says(media=("application/json", "text/csv")))
async def list_bills(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, wanted: Wanted[bill_schemas.BillQuery]
) -> Answer[bill_schemas.BillList] | Response[Any]:
    """Return a page of the filter with the totals of all of it; with `Accept: text/csv` every bill of it."""
    if wants_csv(request):
        async with acting_as(gateway.pool, principal) as tx:
            today = await settings_queries.today(tx)
            selection = await bill_queries.select_all(tx, principal, wanted.filter, today)
        return stream_csv(gateway, principal, selection, wanted.sort)
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await bill_queries.list_bills(
                tx, principal, wanted.filter, wanted.page, gateway.secret, gateway.portals
            )
        )


@get("/bills/{bill_id:str}", summary="Get a bill")
async def get_bill(gateway: Here, principal: Who, bill_id: PathId) -> Answer[bill_schemas.Bill]:
    """Return a bill with its lines."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await bill_queries.bill(tx, path_id(bill_id), gateway.portals))


@post(
    "/bills/{bill_id:str}/void",
    status_code=200,
    summary="Void a bill",
    opt=says(may="void", keyed=True),
)
async def void_bill(asked: Asked[bill_schemas.Void], bill_id: PathId) -> Written[bill_schemas.Bill]:
    """Withdraw a bill and return it; with `reissue` it names the one that replaces it."""
    return responses.outcome(
        await bill_commands.void_bill(asked.gateway, asked.principal, path_id(bill_id), asked.read, asked.key)
    )


ROUTES = [list_bills, get_bill, void_bill]
