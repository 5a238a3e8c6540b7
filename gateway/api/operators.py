"""/operators: the tree of resellers."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, patch, post

from gateway.api.declarations import says
from gateway.api.resources import list_of, ref
from gateway.commands import operators as operator_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Query, Who, key_of, path_id, raw_body, reader
from gateway.queries import operators as operator_queries
from gateway.schemas import operators as operator_schemas
from gateway.store.access import acting_as


@get("/operators", summary="The reseller tree", opt=says(list_of(ref("OperatorShown"))))
async def list_operators(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """The operators of one's subtree."""
    page = Query(request).page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await operator_queries.list_operators(tx, principal, page, gateway.secret))


@get("/operators/{operator_id:str}", summary="One operator", opt=says(ref("OperatorShown")))
async def get_operator(gateway: Here, principal: Who, operator_id: PathId) -> Response[bytes]:
    """An operator of the subtree."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            operator_schemas.operator(await operator_queries.operator(tx, principal, path_id(operator_id)))
        )


@post(
    "/operators",
    status_code=201,
    summary="Add an operator",
    opt=says(ref("OperatorShown"), takes=operator_schemas.Operator),
)
async def create_operator(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Add an operator below one of the subtree."""
    principal.must("change-operators")
    raw = await raw_body(request)
    read = reader(operator_schemas.Operator, raw)
    return responses.outcome(
        await operator_commands.create_operator(gateway, principal, read, key_of(request, raw))
    )


@patch(
    "/operators/{operator_id:str}",
    summary="Rename an operator",
    opt=says(ref("OperatorShown"), takes=operator_schemas.OperatorChange),
)
async def change_operator(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, operator_id: PathId
) -> Response[bytes]:
    """Its code and place in the tree stay."""
    principal.must("change-operators")
    raw = await raw_body(request)
    read = reader(operator_schemas.OperatorChange, raw)
    return responses.outcome(
        await operator_commands.change_operator(
            gateway, principal, path_id(operator_id), read, key_of(request, raw)
        )
    )


ROUTES = [list_operators, get_operator, create_operator, change_operator]
