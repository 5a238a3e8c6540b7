"""/session, /me: signing in and out."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, get, post, put

from gateway.access import Principal
from gateway.api.declarations import says
from gateway.api.resources import ref
from gateway.commands import sessions as session_commands
from gateway.commands import users as user_commands
from gateway.http import responses
from gateway.http.limits import LARGEST_STRANGERS_BODY_BYTES, STRANGERS
from gateway.http.requests import Here, Who, address, cookie_name, raw_body, refuse_other_sites, session_token
from gateway.http.security import session_cookie
from gateway.schemas import fields
from gateway.schemas import sessions as session_schemas
from gateway.schemas.fields import Body


def user(principal: Principal) -> Body:
    """The signed-in user as `/me` shows them."""
    return {
        "id": str(principal.user_id),
        "email": principal.email,
        "name": principal.name,
        "role": principal.role,
        "operator_id": str(principal.operator_id),
    }


@post(
    "/session",
    status_code=201,
    summary="Sign in",
    opt={**says(ref("Session"), takes=session_schemas.SignIn, at_once=True), **STRANGERS},
    request_max_body_size=LARGEST_STRANGERS_BODY_BYTES,
)
async def sign_in(request: Request[Any, Any, Any], gateway: Here) -> Response[bytes]:
    """201 with the user and the CSRF token for unsafe methods; the session is a cookie."""
    refuse_other_sites(request)
    body = fields.read(session_schemas.SignIn, await raw_body(request))
    session = await session_commands.sign_in(
        gateway, body.email, body.password, address(request, gateway), body.code
    )
    answer = responses.json({"user": user(session.principal), "csrf_token": session.csrf_token}, 201)
    answer.set_cookie(session_cookie(session, gateway))
    return answer


@delete("/session", status_code=204, summary="Sign out", opt=says(None, at_once=True))
async def sign_out(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[None]:
    """204; the cookie opens nothing any more."""
    await session_commands.sign_out(gateway.pool, session_token(request, gateway))
    answer = Response(None, status_code=204)
    answer.delete_cookie(cookie_name(gateway), path="/")
    return answer


@get("/me", summary="Who is signed in", opt=says(ref("Me")))
async def me(principal: Who) -> Response[bytes]:
    """The user, and the CSRF token of their session."""
    return responses.json({"user": user(principal), **user(principal), "csrf_token": principal.csrf_token})


@put(
    "/me/password",
    status_code=204,
    summary="Change one's password",
    opt=says(None, takes=session_schemas.ChangePassword),
)
async def change_password(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[None]:
    """204; every other session of the user ends."""
    body = fields.read(session_schemas.ChangePassword, await raw_body(request))
    await user_commands.change_password(gateway, principal, body, session_token(request, gateway))
    return Response(None, status_code=204)


ROUTES = [sign_in, sign_out, me, change_password]
