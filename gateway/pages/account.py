"""One's own account: the password, two-factor sign-in and API tokens."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import segno
from litestar import Response, get
from litestar.datastructures import Cookie

from gateway.commands import second_factor
from gateway.commands import tokens as token_commands
from gateway.commands import users as user_commands
from gateway.http.requests import session_token
from gateway.pages.web import forms, render
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
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
    """Show who one is, a new password, and tokens; a token that was just made is shown this once."""
    answer = await PASSWORD.show(visit)
    if NEW_TOKEN in visit.request.cookies:
        answer.delete_cookie(NEW_TOKEN, path="/account")
    return answer


async def _account(visit: Visit) -> Sheet:
    listed = await token_queries.list_tokens(visit.gateway, visit.principal, Page(limit=TOKENS_A_PAGE))
    return Sheet(
        values={"name": "", "days": ""},
        context={
            "new_token": visit.request.cookies.get(NEW_TOKEN, ""),
            "tokens": listed["items"],
            "token_days": TOKEN_DAYS,
            "has_second_factor": await second_factor.is_on(visit.gateway, visit.principal),
            "soon": (visit.desk.now + EXPIRY_IS_NEAR).isoformat(),
            "now": visit.desk.now.isoformat(),
        },
    )


def _passwords(typed: Typed) -> None:
    if typed["new_password"] != typed["again"]:
        typed.errors["again"] = _("The two new passwords differ.")


def _new_password(typed: Typed) -> tuple[Any, ...]:
    body = {name: typed[name] for name in ("current_password", "new_password")}
    raw = json.dumps({**body, "revoke_tokens": typed.is_ticked("revoke_tokens")})
    token = session_token(typed.visit.request, typed.visit.gateway)
    return fields.read(session_schemas.ChangePassword, raw.encode()), token


PASSWORD = Form(
    "/account/password",
    shown_at=None,
    template="account/page.html",
    is_page=True,
    sheet=_account,
    fields=("current_password", "new_password", "again", "revoke_tokens"),
    secrets=("current_password", "new_password", "again"),
    body=_passwords,
    arguments=_new_password,
    command=user_commands.change_password,
    done=forms.to("/account", "password"),
)


def _token(typed: Typed) -> dict[str, Any]:
    """Return the body of a new token, which may expire."""
    lasts = timedelta(days=int(typed["days"])) if typed["days"] in TOKEN_DAYS else None
    expires_at = (typed.visit.desk.now + lasts).isoformat() if lasts else None
    return {"name": typed["name"], "expires_at": expires_at}


async def _show_token_once(visit: Visit, sent: Sent) -> Response[Any]:
    """Go on to the page that shows the token; reloading it makes no second one."""
    answer = render.see_other("/account")
    # In a cookie of a minute: an address would be kept by histories and logs.
    answer.set_cookie(
        Cookie(
            key=NEW_TOKEN,
            value=sent.body["token"],
            max_age=NEW_TOKEN_SECONDS,
            path="/account",
            httponly=True,
            samesite="strict",
            secure=visit.gateway.settings.is_secure,
        )
    )
    return answer


TOKEN = Form(
    "/account/tokens",
    shown_at=None,
    template="account/page.html",
    is_page=True,
    sheet=_account,
    fields=("name", "days"),
    schema=token_schemas.Token,
    body=_token,
    command=token_commands.create_token,
    is_keyed=False,
    done=_show_token_once,
)


async def _revocation(visit: Visit, token_id: Any) -> Sheet:
    """Say what follows from revoking."""
    token = await token_queries.token(visit.gateway, visit.principal, token_id)
    about = _("Whatever uses the token “%(name)s” stops working at once.")
    return Sheet(
        heading=_("Revoke token"),
        label=_("Revoke token"),
        back="/account",
        tone="danger",
        context={"about": about % {"name": token["name"]}},
    )


REVOKE = Form(
    "/account/tokens/{token_id:str}/revoke",
    template="forms/confirm-form.html",
    sheet=_revocation,
    command=token_commands.revoke_token,
    is_keyed=False,
    done=forms.to("/account", "revoked"),
)


async def _second_factor(visit: Visit) -> Sheet:
    """Show a secret to scan: a new one, or the one of the form that was sent."""
    setup = second_factor.begin(visit.gateway, visit.principal)
    if visit.request.method == "POST":
        sealed = (await visit.submission()).one("sealed")
        # Where that is too old or another user's, the new one stands.
        with suppress(Problem):
            setup = second_factor.resume(visit.gateway, visit.principal, sealed)
    picture = segno.make(setup.address, error="m").svg_data_uri(scale=4, border=2)
    return Sheet(
        texts={"code": _("This code does not match. Type the one that the app shows now.")},
        context={"setup": setup, "picture": picture, "codes": []},
    )


async def _show_recovery_codes(visit: Visit, sent: Sent) -> Response[Any]:
    """Show the recovery codes, on this answer and never again."""
    template = "account/second-factor-setup.html"
    return visit.page(template, setup=None, picture="", errors={}, codes=sent.body)


SECOND_FACTOR = Form(
    "/account/second-factor",
    template="account/second-factor-setup.html",
    is_page=True,
    sheet=_second_factor,
    fields=("sealed", "code"),
    arguments=lambda typed: (typed["sealed"], typed["code"]),
    command=second_factor.turn_on,
    done=_show_recovery_codes,
)

SECOND_FACTOR_OFF = Form(
    "/account/second-factor/off",
    shown_at=None,
    template="account/page.html",
    is_page=True,
    sheet=_account,
    fields=("current_password",),
    secrets=("current_password",),
    arguments=lambda typed: (typed["current_password"],),
    command=second_factor.turn_off,
    done=forms.to("/account", "saved"),
)

ROUTES = [
    show_account,
    *PASSWORD.routes,
    *TOKEN.routes,
    *REVOKE.routes,
    *SECOND_FACTOR.routes,
    *SECOND_FACTOR_OFF.routes,
]
