"""/held-payments: money that waits to be placed."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from gateway.api.declarations import says
from gateway.api.resources import list_of, one_of, ref
from gateway.commands import held_payments as held_payment_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Query, Who, key_of, path_id, raw_body, reader
from gateway.queries import held_payments as held_payment_queries
from gateway.schemas import fields
from gateway.schemas import held_payments as held_payment_schemas
from gateway.store.access import acting_as


@get(
    "/held-payments",
    summary="Money that waits to be placed",
    opt=says(list_of(ref("HeldPayment")), query={"state": one_of("held", "placed", "rejected")}),
)
async def list_held_payments(
    request: Request[Any, Any, Any], gateway: Here, principal: Who
) -> Response[bytes]:
    """Held money of the subtree; `state` shows what was placed or rejected."""
    query = Query(request)
    state, page = query.word("state", ("held", "placed", "rejected")) or "held", query.page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await held_payment_queries.list_held_payments(tx, state, page, gateway.secret))


@get("/held-payments/{held_id:str}", summary="One held payment", opt=says(ref("HeldPayment")))
async def get_held_payment(gateway: Here, principal: Who, held_id: PathId) -> Response[bytes]:
    """Money that waits, or has left the waiting room."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await held_payment_queries.held_payment(tx, path_id(held_id)))


@post(
    "/held-payments/{held_id:str}/place",
    status_code=200,
    summary="Place held money",
    opt=says(ref("HeldPayment"), takes=held_payment_schemas.Place),
)
async def place_held_payment(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, held_id: PathId
) -> Response[bytes]:
    """Give held money to a bill or a customer."""
    principal.must("place-held")
    raw = await raw_body(request)
    read = reader(held_payment_schemas.Place, raw)
    return responses.outcome(
        await held_payment_commands.place_held_payment(
            gateway, principal, path_id(held_id), read, key_of(request, raw)
        )
    )


@post(
    "/held-payments/{held_id:str}/reject",
    status_code=200,
    summary="Reject held money",
    opt=says(ref("HeldPayment"), takes=fields.Reason),
)
async def reject_held_payment(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, held_id: PathId
) -> Response[bytes]:
    """Refuse held money, with a reason."""
    principal.must("place-held")
    raw = await raw_body(request)
    read = reader(fields.Reason, raw)
    return responses.outcome(
        await held_payment_commands.reject_held_payment(
            gateway, principal, path_id(held_id), read, key_of(request, raw)
        )
    )


ROUTES = [list_held_payments, get_held_payment, place_held_payment, reject_held_payment]
