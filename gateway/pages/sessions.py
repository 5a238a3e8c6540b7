"""The door: signing in and out."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from litestar import Request, Response, get, post

from gateway.commands import sessions as session_commands
from gateway.http.limits import LARGEST_STRANGERS_BODY_BYTES, STRANGERS
from gateway.http.requests import (
    Here,
    address,
    cookie_name,
    of_session,
    raw_body,
    refuse_other_sites,
    session_token,
)
from gateway.http.security import session_cookie
from gateway.pages.web import render
from gateway.pages.web.addresses import own_address
from gateway.pages.web.render import signed_out_desk
from gateway.pages.web.submission import Submission, checked_submission
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit
from gateway.problems import Problem


@get("/sign-in")
async def show_sign_in(request: Request[Any, Any, Any], gateway: Here) -> Response[Any]:
    """The form; who is signed in already goes on to the desk."""
    after = parse_qs(request.scope["query_string"].decode("latin-1")).get("next", [""])[0]
    try:
        await of_session(request, gateway)
    except Problem:
        return _form(request, after=after)
    return render.see_other(own_address(after))


@post("/sign-in", status_code=303, opt=STRANGERS, request_max_body_size=LARGEST_STRANGERS_BODY_BYTES)
async def sign_in(request: Request[Any, Any, Any], gateway: Here) -> Response[Any]:
    """A session cookie, or the form again with what was wrong."""
    refuse_other_sites(request)
    form = Submission(await raw_body(request))
    email, after = form.one("email").lower()[:200].replace("\x00", ""), form.one("next")
    ticket, code = form.one("ticket"), form.one("code")[:40]
    try:
        if ticket:
            session = await session_commands.sign_in_by_code(gateway, ticket, code, address(request, gateway))
        else:
            session = await session_commands.sign_in(
                gateway, email, form.exact("password")[:200], address(request, gateway)
            )
    except Problem as problem:
        if problem.code == "code-required":
            ticket = ticket or await session_commands.ticket_for(gateway, email)
            text = _("This code does not match, or it was used before.") if code else ""
            return _form(request, 401 if code else 200, text, email, after, ticket=ticket)
        return _refused(request, problem, email, after)
    answer = render.see_other(own_address(after) if after else "/bills")
    answer.set_cookie(session_cookie(session, gateway))
    return answer


def _refused(request: Request[Any, Any, Any], problem: Problem, email: str, after: str) -> Response[Any]:
    if problem.status == 429:
        seconds = problem.retry_after_seconds or 60
        text = _("Too many attempts. Wait %(seconds)s seconds, then try again.") % {"seconds": seconds}
        return _form(request, 429, text, email, after, {"Retry-After": str(seconds)})
    if problem.status == 401:
        return _form(request, 401, _("Email address and password do not match."), email, after)
    raise problem


def _form(
    request: Request[Any, Any, Any],
    status: int = 200,
    problem: str = "",
    email: str = "",
    after: str = "",
    headers: dict[str, str] | None = None,
    ticket: str = "",
) -> Response[Any]:
    desk = signed_out_desk(request)
    return render.page(
        desk,
        "sessions/sign-in.html",
        status,
        headers,
        problem=problem,
        email=email,
        after=after,
        ticket=ticket,
    )


@post("/sign-out", status_code=303)
async def sign_out(visit: ThisVisit) -> Response[Any]:
    """The session ends; its cookie opens nothing any more."""
    await checked_submission(visit.request, visit.principal)
    await session_commands.sign_out(visit.gateway.pool, session_token(visit.request, visit.gateway))
    answer = render.see_other("/sign-in")
    answer.delete_cookie(cookie_name(visit.gateway), path="/")
    return answer


@get("/session-token")
async def show_csrf_token(visit: ThisVisit) -> Response[str]:
    """The CSRF token of the session, for a page that was made before it."""
    token = visit.principal.csrf_token or ""
    return Response(token, media_type="text/plain", headers={"Cache-Control": "no-store"})


ROUTES = [show_sign_in, sign_in, sign_out, show_csrf_token]
