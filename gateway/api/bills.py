"""/bills: what is owed."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from gateway.api.declarations import says
from gateway.api.resources import DAY, IDS, PERIOD, STATUS, WORDS, one_of, ref
from gateway.commands import bills as bill_commands
from gateway.http import responses
from gateway.http.csv import stream_csv
from gateway.http.requests import BILL_SORTS, Here, PathId, Query, Who, key_of, path_id, raw_body, reader
from gateway.queries import billing_settings as settings_queries
from gateway.queries import bills as bill_queries
from gateway.schemas import bills as bill_schemas
from gateway.store.access import acting_as


@get(
    "/bills",
    summary="Bills with their totals",
    opt=says(
        ref("BillList"),
        query={
            "operator_id": IDS,
            "package_id": IDS,
            "status": {"type": "array", "items": STATUS},
            "period": PERIOD,
            "from": DAY,
            "to": DAY,
            "overdue": one_of("true", "false"),
            "q": WORDS,
            "sort": one_of(*BILL_SORTS),
        },
    ),
)
async def list_bills(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[Any]:
    """A page of the filter with its totals; with `Accept: text/csv` all of it."""
    query = Query(request)
    wanted, page = query.bills(), query.page(BILL_SORTS)
    if "text/csv" in request.headers.get("accept", ""):
        async with acting_as(gateway.pool, principal) as tx:
            selection = await bill_queries.select_all(tx, principal, wanted, await settings_queries.today(tx))
        return stream_csv(gateway, principal, selection, page.sort)
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await bill_queries.list_bills(tx, principal, wanted, page, gateway.secret, gateway.portals)
        )


@get("/bills/{bill_id:str}", summary="One bill", opt=says(ref("Bill")))
async def get_bill(gateway: Here, principal: Who, bill_id: PathId) -> Response[bytes]:
    """A bill with its lines."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await bill_queries.bill(tx, path_id(bill_id), gateway.portals))


@post(
    "/bills/{bill_id:str}/void",
    status_code=200,
    summary="Void a bill",
    opt=says(ref("Bill"), takes=bill_schemas.Void, keyed=True),
)
async def void_bill(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, bill_id: PathId
) -> Response[bytes]:
    """200 with the void bill; with `reissue` it names its successor. Needs an Idempotency-Key."""
    principal.must("void")
    raw = await raw_body(request)
    read = reader(bill_schemas.Void, raw)
    return responses.outcome(
        await bill_commands.void_bill(gateway, principal, path_id(bill_id), read, key_of(request, raw))
    )


ROUTES = [list_bills, get_bill, void_bill]
