"""/users: people who may sign in."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, patch, post

from gateway.api.declarations import says
from gateway.api.resources import list_of, ref
from gateway.commands import users as user_commands
from gateway.http import responses
from gateway.http.requests import Here, PathId, Query, Who, path_id, raw_body, reader
from gateway.queries import users as user_queries
from gateway.schemas import users as user_schemas


@get("/users", summary="Users", opt=says(list_of(ref("UserShown"))))
async def list_users(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """The users of the subtree."""
    return responses.json(await user_queries.list_users(gateway, principal, Query(request).page()))


@get("/users/{user_id:str}", summary="One user", opt=says(ref("UserShown")))
async def get_user(gateway: Here, principal: Who, user_id: PathId) -> Response[bytes]:
    """A user of the subtree."""
    principal.must("change-users")
    return responses.json(await user_queries.user(gateway, principal, path_id(user_id)))


@post(
    "/users",
    status_code=201,
    summary="Add a user",
    opt=says(ref("UserShown"), takes=user_schemas.User, at_once=True),
)
async def create_user(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[bytes]:
    """With at most one's own role, within one's own subtree."""
    principal.must("change-users")
    return responses.json(
        await user_commands.create_user(
            gateway, principal, reader(user_schemas.User, await raw_body(request))
        ),
        201,
    )


@patch(
    "/users/{user_id:str}",
    summary="Change a user",
    opt=says(ref("UserShown"), takes=user_schemas.UserChange, at_once=True),
)
async def change_user(
    request: Request[Any, Any, Any], gateway: Here, principal: Who, user_id: PathId
) -> Response[bytes]:
    """A new password or `active: false` ends the user's sessions."""
    principal.must("change-users")
    read = reader(user_schemas.UserChange, await raw_body(request))
    return responses.json(await user_commands.change_user(gateway, principal, path_id(user_id), read))


ROUTES = [list_users, get_user, create_user, change_user]
