"""/billing-runs, /operations, /users, /tokens: what was asked for, and by whom."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, get, patch, post

from gateway.commands import customers as catalogue
from gateway.commands import users as people
from gateway.domain import not_found
from gateway.http import responses
from gateway.http.requests import Here, PathId, Query, Who, key_of, path_id, raw_body, reader
from gateway.operations import results as answers
from gateway.queries import bills as queries
from gateway.schemas import bodies
from gateway.store import operations
from gateway.store.access import acting_as


@post("/billing-runs", status_code=201, summary="Bill a period")
async def start_run(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """A run of its own each time. Needs an Idempotency-Key."""
    principal.must("bill")
    raw = await raw_body(request)
    read = reader(bodies.Run, raw)
    return responses.outcome(await catalogue.start_run(gateway, principal, read, key_of(request, raw)))


@get("/billing-runs", summary="Runs")
async def list_runs(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """Youngest first."""
    query = Query(request)
    period, page = query.period(), query.page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.list_runs(tx, period, page, gateway.secret))


@get("/billing-runs/{run_id:str}", summary="One run")
async def get_run(gateway: Here, principal: Who, run_id: PathId) -> Response[bytes]:
    """Where a run stands."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.run(tx, path_id(run_id)))


@get("/billing-runs/{run_id:str}/customers", summary="What a run did about each customer")
async def list_run_customers(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, run_id: PathId
) -> Response[bytes]:
    """Created, already billed, skipped with the reason, or failed."""
    query, run = Query(request), path_id(run_id)
    outcome, page = query.word("outcome", ("created", "already_billed", "skipped", "failed")), query.page()
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await queries.list_run_customers(tx, run, outcome, page, gateway.secret))


@get("/operations/{operation_id:str}", summary="What became of a request")
async def get_operation(gateway: Here, principal: Who, operation_id: PathId) -> Response[bytes]:
    """Pending, completed with the resource, or refused with the problem."""
    async with acting_as(gateway.pool, principal) as tx:
        operation = await operations.find(tx, path_id(operation_id))
        if operation is None or not principal.reaches(operation.operator_id):
            raise not_found("There is no such operation.")
        return responses.json(await answers.describe(tx, operation, gateway.portals))


@get("/users", summary="Users")
async def list_users(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """The users of the subtree."""
    return responses.json(await people.list_users(gateway, principal, Query(request).page()))


@get("/users/{user_id:str}", summary="One user")
async def get_user(gateway: Here, principal: Who, user_id: PathId) -> Response[bytes]:
    """A user of the subtree."""
    principal.must("change-users")
    return responses.json(await people.user(gateway, principal, path_id(user_id)))


@post("/users", status_code=201, summary="Add a user")
async def create_user(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """With at most one's own role, within one's own subtree."""
    principal.must("change-users")
    return responses.json(
        await people.create_user(gateway, principal, reader(bodies.User, await raw_body(request))), 201
    )


@patch("/users/{user_id:str}", summary="Change a user")
async def change_user(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, user_id: PathId
) -> Response[bytes]:
    """A new password or `active: false` ends the user's sessions."""
    principal.must("change-users")
    read = reader(bodies.UserChange, await raw_body(request))
    return responses.json(await people.change_user(gateway, principal, path_id(user_id), read))


@get("/tokens", summary="API tokens")
async def list_tokens(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """One's own; for staff, those of the subtree."""
    return responses.json(await people.list_tokens(gateway, principal, Query(request).page()))


@get("/tokens/{token_id:str}", summary="One API token")
async def get_token(gateway: Here, principal: Who, token_id: PathId) -> Response[bytes]:
    """Without what opens doors."""
    return responses.json(await people.token(gateway, principal, path_id(token_id)))


@post("/tokens", status_code=201, summary="Make an API token")
async def create_token(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """The token is shown this once."""
    return responses.json(
        await people.create_token(gateway, principal, reader(bodies.Token, await raw_body(request))), 201
    )


@delete("/tokens/{token_id:str}", status_code=204, summary="Revoke an API token")
async def revoke_token(gateway: Here, principal: Who, token_id: PathId) -> Response[None]:
    """It opens nothing from now on."""
    await people.revoke_token(gateway, principal, path_id(token_id))
    return Response(None, status_code=204)


ROUTES = [
    start_run,
    list_runs,
    get_run,
    list_run_customers,
    get_operation,
    list_users,
    get_user,
    create_user,
    change_user,
    list_tokens,
    get_token,
    create_token,
    revoke_token,
]
