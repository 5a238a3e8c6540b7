"""/tokens: what programs sign in with."""

from __future__ import annotations

from litestar import Response, delete, get, post

from gateway.api.declarations import Asked, Wanted
from gateway.commands import tokens as token_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
from gateway.http.responses import Answer
from gateway.queries import tokens as token_queries
from gateway.schemas import tokens as token_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Paged


@get("/tokens", summary="List API tokens")
async def list_tokens(
    gateway: Here, principal: Who, wanted: Wanted[Paged]
) -> Answer[Listed[token_schemas.TokenShown]]:
    """Return the caller's own tokens; for staff, those of the subtree."""
    return responses.json(await token_queries.list_tokens(gateway, principal, wanted.page))


@get("/tokens/{token_id:str}", summary="Get an API token")
async def get_token(gateway: Here, principal: Who, token_id: PathId) -> Answer[token_schemas.TokenShown]:
    """Return a token, without what opens doors."""
    return responses.json(await token_queries.token(gateway, principal, path_id(token_id)))


@post("/tokens", status_code=201, summary="Make an API token")
async def create_token(asked: Asked[token_schemas.Token]) -> Answer[token_schemas.NewToken]:
    """Make a token for oneself; what it opens doors with is shown this once."""
    return responses.json(await token_commands.create_token(asked.gateway, asked.principal, asked.read), 201)


@delete("/tokens/{token_id:str}", status_code=204, summary="Revoke an API token")
async def revoke_token(gateway: Here, principal: Who, token_id: PathId) -> Response[None]:
    """End a token; it opens nothing from now on."""
    await token_commands.revoke_token(gateway, principal, path_id(token_id))
    return Response(None, status_code=204)


ROUTES = [list_tokens, get_token, create_token, revoke_token]
