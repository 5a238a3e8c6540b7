"""/saved-views: filters of the bills list that the caller has named."""

from __future__ import annotations

from litestar import Response, delete, get, patch, post

from gateway.api.declarations import Asked
from gateway.commands import saved_views as saved_view_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
from gateway.http.responses import Answer
from gateway.queries import saved_views as saved_view_queries
from gateway.schemas import saved_views as saved_view_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.saved_views import SavedView
from gateway.store.access import acting_as


@get("/saved-views", summary="List saved views")
async def list_views(gateway: Here, principal: Who) -> Answer[Listed[SavedView]]:
    """Return the caller's own views, by name."""
    async with acting_as(gateway.pool, principal) as tx:
        return responses.json(await saved_view_queries.list_views(tx, principal))


@post("/saved-views", status_code=201, summary="Save a view")
async def save_view(asked: Asked[saved_view_schemas.View]) -> Answer[SavedView]:
    """Keep a filter of the bills list under a name, for oneself."""
    return responses.json(
        await saved_view_commands.save_view(asked.gateway, asked.principal, asked.read), 201
    )


@patch("/saved-views/{view_id:str}", summary="Change a saved view")
async def change_view(asked: Asked[saved_view_schemas.ViewChange], view_id: PathId) -> Answer[SavedView]:
    """Give a view another name, or let the desk open on it."""
    return responses.json(
        await saved_view_commands.change_view(asked.gateway, asked.principal, path_id(view_id), asked.read)
    )


@delete("/saved-views/{view_id:str}", status_code=204, summary="Forget a saved view")
async def remove_view(gateway: Here, principal: Who, view_id: PathId) -> Response[None]:
    """Forget a view; the bills that it showed are where they were."""
    await saved_view_commands.remove_view(gateway, principal, path_id(view_id))
    return Response(None, status_code=204)


ROUTES = [list_views, save_view, change_view, remove_view]
