"""/tokens: what programs sign in with."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, get, post

from gateway.api.declarations import says
from gateway.api.resources import list_of, ref
from gateway.commands import tokens as token_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Query, Who, path_id, raw_body, reader
from gateway.queries import tokens as token_queries
from gateway.schemas import tokens as token_schemas


@get("/tokens", summary="API tokens", opt=says(list_of(ref("TokenShown"))))
async def list_tokens(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """One's own; for staff, those of the subtree."""
    return responses.json(await token_queries.list_tokens(gateway, principal, Query(request).page()))


@get("/tokens/{token_id:str}", summary="One API token", opt=says(ref("TokenShown")))
async def get_token(gateway: Here, principal: Who, token_id: PathId) -> Response[bytes]:
    """Without what opens doors."""
    return responses.json(await token_queries.token(gateway, principal, path_id(token_id)))


@post(
    "/tokens",
    status_code=201,
    summary="Make an API token",
    opt=says(ref("NewToken"), takes=token_schemas.Token, at_once=True),
)
async def create_token(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """The token is shown this once."""
    return responses.json(
        await token_commands.create_token(
            gateway, principal, reader(token_schemas.Token, await raw_body(request))
        ),
        201,
    )


@delete("/tokens/{token_id:str}", status_code=204, summary="Revoke an API token")
async def revoke_token(gateway: Here, principal: Who, token_id: PathId) -> Response[None]:
    """It opens nothing from now on."""
    await token_commands.revoke_token(gateway, principal, path_id(token_id))
    return Response(None, status_code=204)


ROUTES = [list_tokens, get_token, create_token, revoke_token]
