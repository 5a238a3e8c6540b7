"""/users: people who may sign in."""

from __future__ import annotations

from litestar import get, patch, post

from gateway.api.declarations import Asked, Wanted, says
from gateway.commands import users as user_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Who, path_id
from gateway.http.responses import Answer
from gateway.queries import users as user_queries
from gateway.schemas import users as user_schemas
from gateway.schemas.answers import Listed
from gateway.schemas.filters import Paged


@get("/users", summary="List users", opt=says(may="change-users"))
async def list_users(
    gateway: Here, principal: Who, wanted: Wanted[Paged]
) -> Answer[Listed[user_schemas.UserShown]]:
    """Return the users of the subtree."""
    return responses.json(await user_queries.list_users(gateway, principal, wanted.page))


@get("/users/{user_id:str}", summary="Get a user", opt=says(may="change-users"))
async def get_user(gateway: Here, principal: Who, user_id: PathId) -> Answer[user_schemas.UserShown]:
    """Return a user of the subtree."""
    return responses.json(await user_queries.user(gateway, principal, path_id(user_id)))


@post("/users", status_code=201, summary="Add a user", opt=says(may="change-users"))
async def create_user(asked: Asked[user_schemas.User]) -> Answer[user_schemas.UserShown]:
    """Add a user with at most one's own role, within one's own subtree."""
    return responses.json(await user_commands.create_user(asked.gateway, asked.principal, asked.read), 201)


@patch("/users/{user_id:str}", summary="Change a user", opt=says(may="change-users"))
async def change_user(
    asked: Asked[user_schemas.UserChange], user_id: PathId
) -> Answer[user_schemas.UserShown]:
    """Change what is named; a new password or `active: false` ends the user's sessions."""
    return responses.json(
        await user_commands.change_user(asked.gateway, asked.principal, path_id(user_id), asked.read)
    )


ROUTES = [list_users, get_user, create_user, change_user]
