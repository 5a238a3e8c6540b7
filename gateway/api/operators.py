"""/operators: the tree of resellers."""

from __future__ import annotations

from litestar import get, patch, post

from gateway.api.declarations import Asked, Wanted, says
from gateway.commands import operators as operator_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
from gateway.http.responses import Answer, Written
from gateway.queries import operators as operator_queries
from gateway.schemas import operators as operator_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Paged
from gateway.store.access import acting_as


@get("/operators", summary="List operators")
async def list_operators(
    gateway: Here, principal: Who, wanted: Wanted[Paged]
) -> Answer[Listed[operator_schemas.OperatorShown]]:
    """Return the operators of the caller's subtree."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(
            await operator_queries.list_operators(tx, principal, wanted.page, gateway.secret)
        )


@get("/operators/{operator_id:str}", summary="Get an operator")
async def get_operator(
    gateway: Here, principal: Who, operator_id: PathId
) -> Answer[operator_schemas.OperatorShown]:
    """Return an operator of the subtree."""
    async with acting_as(gateway.pool, principal) as tx:
        operator = await operator_queries.operator(tx, principal, path_id(operator_id))
        return responses.json(operator_schemas.operator(operator))


@post("/operators", status_code=201, summary="Add an operator", opt=says(may="change-operators"))
async def create_operator(
    asked: Asked[operator_schemas.Operator],
) -> Written[operator_schemas.OperatorShown]:
    """Add an operator below one of the subtree."""
    return responses.outcome(
        await operator_commands.create_operator(asked.gateway, asked.principal, asked.read, asked.key)
    )


@patch("/operators/{operator_id:str}", summary="Rename an operator", opt=says(may="change-operators"))
async def change_operator(
    asked: Asked[operator_schemas.OperatorChange], operator_id: PathId
) -> Written[operator_schemas.OperatorShown]:
    """Rename an operator; its code and its place in the tree stay."""
    return responses.outcome(
        await operator_commands.change_operator(
            asked.gateway, asked.principal, path_id(operator_id), asked.read, asked.key
        )
    )


ROUTES = [list_operators, get_operator, create_operator, change_operator]
