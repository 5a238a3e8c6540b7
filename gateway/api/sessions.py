"""/session, /me: signing in and out."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, get, post, put

from gateway.access import Principal
from gateway.api.declarations import Asked, Sent
from gateway.commands import sessions as session_commands
from gateway.commands import users as user_commands
from gateway.http import responses
from gateway.http.limits import LARGEST_STRANGERS_BODY_BYTES, STRANGERS
from gateway.http.requests import Here, Who, address, cookie_name, session_token
from gateway.http.responses import Answer
from gateway.http.security import session_cookie
from gateway.schemas import sessions as session_schemas
from gateway.schemas import users as user_schemas


def user(principal: Principal) -> user_schemas.SignedIn:
    """Return the signed-in user as `/me` shows them."""
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
    opt=STRANGERS,
    request_max_body_size=LARGEST_STRANGERS_BODY_BYTES,
)
async def sign_in(
    request: Request[Any, Any, Any], gateway: Here, sent: Sent[session_schemas.SignIn]
) -> Answer[session_schemas.Session]:
    """Open a session and return the user and the CSRF token for unsafe methods; the session is a cookie."""
    session = await session_commands.sign_in(
        gateway, sent.email, sent.password, address(request, gateway), sent.code
    )
    opened: session_schemas.Session = {
        "user": user(session.principal),
        "csrf_token": session.csrf_token,
    }
    answer = responses.json(opened, 201)
    answer.set_cookie(session_cookie(session, gateway))
    return answer


@delete("/session", status_code=204, summary="Sign out")
async def sign_out(request: Request[Any, Any, Any], gateway: Here, principal: Who) -> Response[None]:
    """End the session; its cookie opens nothing any more."""
    await session_commands.sign_out(gateway.pool, session_token(request, gateway))
    answer = Response(None, status_code=204)
    answer.delete_cookie(cookie_name(gateway), path="/")
    return answer


@get("/me", summary="Get who is signed in")
async def get_me(principal: Who) -> Answer[session_schemas.Me]:
    """Return the user, and the CSRF token of their session."""
    me: session_schemas.Me = {
        **user(principal),
        "user": user(principal),
        "csrf_token": principal.csrf_token,
    }
    return responses.json(me)


@put("/me/password", status_code=204, summary="Change one's password")
async def change_password(
    request: Request[Any, Any, Any], asked: Asked[session_schemas.ChangePassword]
) -> Response[None]:
    """Set a new password; every other session of the user ends."""
    token = session_token(request, asked.gateway)
    await user_commands.change_password(asked.gateway, asked.principal, asked.read(), token)
    return Response(None, status_code=204)


ROUTES = [sign_in, sign_out, get_me, change_password]
