"""One's own account: the password and API tokens."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import segno
from litestar import Response, get, post
from litestar.datastructures import Cookie

from gateway.commands import second_factor
from gateway.commands import tokens as token_commands
from gateway.commands import users as user_commands
from gateway.http.requests import PathId, path_id, session_token
from gateway.pages.web import forms, render
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import tokens as token_queries
from gateway.schemas import fields
from gateway.schemas import sessions as session_schemas
from gateway.schemas import tokens as token_schemas
from gateway.schemas.filters import Page

TOKENS_A_PAGE = 200
TOKEN_DAYS = ("30", "90", "365")
EXPIRY_IS_NEAR = timedelta(days=14)
NEW_TOKEN, NEW_TOKEN_SECONDS = "desk_new_token", 60


@get("/account")
async def show_account(visit: ThisVisit) -> Response[Any]:
    """Who one is, a new password, and tokens; a token that was just made is shown this once."""
    new_token = visit.request.cookies.get(NEW_TOKEN, "")
    answer = await _page(visit, new_token=new_token)
    if new_token:
        answer.delete_cookie(NEW_TOKEN, path="/account")
    return answer


async def _page(
    visit: Visit,
    errors: dict[str, str] | None = None,
    problem: str = "",
    new_token: str = "",
    token_errors: dict[str, str] | None = None,
    token_name: str = "",
    second_factor_errors: dict[str, str] | None = None,
) -> Response[Any]:
    listed = await token_queries.list_tokens(visit.gateway, visit.principal, Page(limit=TOKENS_A_PAGE))
    return forms.show(
        visit,
        "account/page.html",
        422 if errors or problem or token_errors or second_factor_errors else 200,
        errors=errors or {},
        problem=problem,
        new_token=new_token,
        token_errors=token_errors or {},
        token_name=token_name,
        tokens=listed["items"],
        has_second_factor=await second_factor.is_on(visit.gateway, visit.principal),
        second_factor_errors=second_factor_errors or {},
        token_days=TOKEN_DAYS,
        soon=(visit.desk.now + EXPIRY_IS_NEAR).isoformat(),
        now=visit.desk.now.isoformat(),
    )


@post("/account/password", status_code=200)
async def change_password(visit: ThisVisit) -> Response[Any]:
    """A new password; every other session of one's own ends."""
    form = await visit.form()
    values = {name: form.exact(name) for name in ("current_password", "new_password")}
    if values["new_password"] != form.exact("again"):
        return await _page(visit, {"again": _("The two new passwords differ.")})
    raw = json.dumps({**values, "revoke_tokens": form.one("revoke_tokens") == "yes"})
    try:
        body = fields.read(session_schemas.ChangePassword, raw.encode())
        await user_commands.change_password(
            visit.gateway, visit.principal, body, session_token(visit.request, visit.gateway)
        )
    except Problem as problem:
        errors, text = forms.refusal(problem, tuple(values))
        return await _page(visit, errors, text)
    return forms.go(visit, forms.with_note("/account", "password"))


@post("/account/tokens", status_code=200)
async def create_token(visit: ThisVisit) -> Response[Any]:
    """A token of one's own; what opens doors is shown on the next page and never again."""
    form = await visit.form()
    days = form.one("days")
    expires_at = visit.desk.now + timedelta(days=int(days)) if days in TOKEN_DAYS else None
    raw = json.dumps({"name": form.one("name"), "expires_at": expires_at and expires_at.isoformat()})
    try:
        made = await token_commands.create_token(
            visit.gateway, visit.principal, lambda: fields.read(token_schemas.Token, raw.encode())
        )
    except Problem as problem:
        errors, text = forms.refusal(problem, ("name",))
        return await _page(visit, problem=text, token_errors=errors, token_name=form.one("name"))
    # Reloading what follows makes no second one; the token travels in no address.
    answer = render.see_other("/account")
    answer.set_cookie(
        Cookie(
            key=NEW_TOKEN,
            value=made["token"],
            max_age=NEW_TOKEN_SECONDS,
            path="/account",
            httponly=True,
            samesite="strict",
            secure=visit.gateway.settings.is_secure,
        )
    )
    return answer


@get("/account/tokens/{token_id:str}/revoke")
async def show_revoke(visit: ThisVisit, token_id: PathId) -> Response[Any]:
    """What follows from revoking."""
    token = await token_queries.token(visit.gateway, visit.principal, path_id(token_id))
    return forms.ask(
        visit,
        "forms/confirm-form.html",
        _("Revoke the token"),
        "/account",
        {},
        action=f"/account/tokens/{token_id}/revoke",
        label=_("Revoke the token"),
        about=_("Whatever uses the token “%(name)s” stops working at once.") % {"name": token["name"]},
        tone="danger",
        hidden_fields={},
    )


@post("/account/tokens/{token_id:str}/revoke", status_code=200)
async def revoke(visit: ThisVisit, token_id: PathId) -> Response[Any]:
    """It opens nothing from now on."""
    await visit.form()
    await token_commands.revoke_token(visit.gateway, visit.principal, path_id(token_id))
    return forms.go(visit, forms.with_note("/account", "revoked"))


@get("/account/second-factor")
async def show_second_factor(visit: ThisVisit) -> Response[Any]:
    """A new secret to scan, and the form that confirms it."""
    return _setup(visit, second_factor.begin(visit.gateway, visit.principal))


def _setup(visit: Visit, setup: second_factor.Setup, errors: dict[str, str] | None = None) -> Response[Any]:
    picture = segno.make(setup.address, error="m").svg_data_uri(scale=4, border=2)
    return visit.page(
        "account/second-factor-setup.html",
        422 if errors else 200,
        setup=setup,
        picture=picture,
        errors=errors or {},
        codes=[],
    )


@post("/account/second-factor", status_code=200)
async def turn_on_second_factor(visit: ThisVisit) -> Response[Any]:
    """Two factors from now on; the recovery codes are shown on this answer and never again."""
    form = await visit.form()
    sealed = form.one("sealed")
    try:
        codes = await second_factor.turn_on(visit.gateway, visit.principal, sealed, form.one("code"))
    except Problem as problem:
        forms.refusal(problem, ("code",))
        try:
            setup = second_factor.resume(visit.gateway, visit.principal, sealed)
        except Problem:
            setup = second_factor.begin(visit.gateway, visit.principal)
        return _setup(
            visit, setup, {"code": _("This code does not match. Type the one that the app shows now.")}
        )
    return visit.page("account/second-factor-setup.html", setup=None, picture="", errors={}, codes=codes)


@post("/account/second-factor/off", status_code=200)
async def turn_off_second_factor(visit: ThisVisit) -> Response[Any]:
    """The password alone opens the desk again."""
    form = await visit.form()
    try:
        await second_factor.turn_off(visit.gateway, visit.principal, form.exact("current_password"))
    except Problem as problem:
        errors, text = forms.refusal(problem, ("current_password",))
        return await _page(visit, problem=text, second_factor_errors=errors)
    return forms.go(visit, forms.with_note("/account", "saved"))


ROUTES = [
    show_second_factor,
    turn_on_second_factor,
    turn_off_second_factor,
    show_account,
    change_password,
    create_token,
    show_revoke,
    revoke,
]
