"""One request of somebody at the desk: who they are, what they typed, and how to answer them."""

from __future__ import annotations

import hmac
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import UUID

import structlog
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import SkipValidation
from litestar.types import ASGIApp, Receive, Scope, Send

from gateway.commands import users as people
from gateway.commands.payments import Key
from gateway.context import Gateway
from gateway.domain import Principal, Problem
from gateway.http.requests import COOKIE, Here, address, raw_body, refuse_other_sites
from gateway.pages.web import render
from gateway.pages.web import translations as texts
from gateway.pages.web.formats import Formats
from gateway.pages.web.preferences import LANGUAGES, Preferences
from gateway.pages.web.render import Desk, Viewer
from gateway.queries.bills import billing_settings
from gateway.store import page_reads as page_queries
from gateway.store.access import acting_as
from shared import clock
from shared.db import TRANSIENT, Tx
from shared.ids import new_id

log = structlog.get_logger()

HTTP_REQUEST = Request[Any, Any, Any]
LONGEST_KEY = 200
FACTS_ARE_KEPT_SECONDS = 5.0


class Form:
    """What was typed, field by field, without blanks at its ends."""

    def __init__(self, raw: bytes) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True):
            self._values.setdefault(name, []).append(value.strip())

    def one(self, name: str, default: str = "") -> str:
        values = self._values.get(name)
        return values[-1] if values else default

    def all(self, name: str) -> list[str]:
        return [value for value in self._values.get(name, []) if value]

    def optional(self, name: str) -> str | None:
        return self.one(name) or None

    def key(self, *said: str) -> Key:
        """The form's idempotency key for this request: the same form sent twice is one wish."""
        return Key.of(self.one("idempotency_key")[:LONGEST_KEY] or str(new_id()), "page", *said)


@dataclass(frozen=True)
class Visit:
    """Who asks, on which request, with the desk that their templates need."""

    request: HTTP_REQUEST
    gateway: Gateway
    principal: Principal
    desk: Desk

    @property
    def formats(self) -> Formats:
        return self.desk.formats

    @property
    def is_swap(self) -> bool:
        return render.is_swap(self.request)

    @property
    def query(self) -> str:
        return self.request.scope["query_string"].decode("latin-1")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """A transaction that sees what the visitor may see."""
        async with acting_as(self.gateway.pool, self.principal) as tx:
            yield tx

    async def form(self) -> Form:
        """The body of a form; refused unless it carries the session's token."""
        return await checked_form(self.request, self.principal)

    def page(
        self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
    ) -> Response[bytes]:
        return render.page(self.desk, template, status, headers, **context)


ThisVisit: TypeAlias = NamedDependency[SkipValidation[Visit]]


async def checked_form(request: HTTP_REQUEST, principal: Principal) -> Form:
    """A form of this session, sent from our own pages."""
    refuse_other_sites(request)
    form = Form(await raw_body(request))
    given = request.headers.get("x-csrf-token") or form.one("csrf_token")
    if not hmac.compare_digest(given.encode(), (principal.csrf_token or "").encode()):
        raise Problem(403, "csrf", "This form was made for another session.")
    return form


async def provide_visit(request: HTTP_REQUEST, gateway: Here) -> Visit:
    """The visit of whoever is signed in by cookie; 401 sends them to the sign-in page."""
    cookie = request.cookies.get(COOKIE)
    principal = await people.by_session(gateway.pool, cookie) if cookie else None
    if principal is None:
        raise Problem(401, "not-signed-in", "Sign in first.")
    principal = replace(principal, address=address(request, gateway))
    facts = await _facts(gateway, principal)
    preferences = Preferences.of(request.cookies)
    desk = Desk(
        preferences=preferences,
        formats=Formats(preferences.language, facts["currency"], facts["time_zone"]),
        path=request.scope["path"],
        now=clock.now(),
        viewer=Viewer(
            name=principal.name,
            email=principal.email,
            role=principal.role,
            operator_id=str(principal.operator_id),
            operator_name=facts["operator_name"] or "ispbills",
            csrf_token=principal.csrf_token or "",
        ),
        features=_features(request),
        badges={"bulk-actions": facts["running"]},
        takes_gzip="gzip" in request.headers.get("accept-encoding", ""),
    )
    return Visit(request, gateway, principal, desk)


_known_facts: dict[UUID, tuple[float, dict[str, Any]]] = {}


async def _facts(gateway: Gateway, principal: Principal) -> dict[str, Any]:
    """Currency, time zone, the operator's name, what is under way: a few seconds old will do."""
    at, facts = _known_facts.get(principal.operator_id, (0.0, {}))
    if time.monotonic() - at < FACTS_ARE_KEPT_SECONDS and facts:
        return facts
    async with acting_as(gateway.pool, principal) as tx:
        settings = await billing_settings(tx)
        name = await page_queries.operator_name(tx, principal.operator_id)
        running = await page_queries.running_bulk_actions(tx, principal)
    facts = {
        "currency": settings["currency"],
        "time_zone": settings["time_zone"],
        "operator_name": name,
        "running": running,
    }
    if len(_known_facts) > 10_000:
        _known_facts.clear()
    _known_facts[principal.operator_id] = (time.monotonic(), facts)
    return facts


_features_of: dict[int, frozenset[str]] = {}


def _features(request: HTTP_REQUEST) -> frozenset[str]:
    """What this installation has routes for and can do, so that no page links where nothing is."""
    app = request.app
    found = _features_of.get(id(app))
    if found is None:
        paths = {route.path for route in app.routes}
        found = frozenset(
            {f"page:{path}" for path in paths if not path.startswith("/api/")}
            | {f"bill:{path.rpartition('/')[2]}" for path in paths if path.startswith("/bills/")}
            | {"bulk:mark_paid", "bulk:generate_missing", "bulk:send_payment_link"}
        )
        _features_of[id(app)] = found
    return found


def speaking(app: ASGIApp) -> ASGIApp:
    """Texts of a request are in the language of its reader."""

    async def spoken(scope: Scope, receive: Receive, send: Send) -> None:
        language = Request[Any, Any, Any](scope).cookies.get("desk_language", "en")
        texts.language.set(language if language in LANGUAGES else "en")
        await app(scope, receive, send)

    return spoken


def signed_out_desk(request: HTTP_REQUEST) -> Desk:
    """What pages before the door know."""
    preferences = Preferences.of(request.cookies)
    return Desk(
        preferences=preferences,
        formats=Formats(preferences.language, "BDT", "Asia/Dhaka"),
        path=request.scope["path"],
        now=clock.now(),
    )


def on_problem(request: HTTP_REQUEST, problem: Problem) -> Response[Any]:
    """A refusal as a page; a part gets the bare status, and the browser says what happened."""
    if problem.status == 401 and not render.is_swap(request):
        target = urlsplit(str(request.url))
        back = target.path + (f"?{target.query}" if target.query else "")
        after = f"?next={quote(back)}" if request.method == "GET" and back != "/" else ""
        return render.see_other(f"/sign-in{after}")
    reference = str(new_id())
    headers = {"X-Problem": problem.code, "X-Request-Id": reference}
    if problem.retry_after_seconds is not None:
        headers["Retry-After"] = str(problem.retry_after_seconds)
    if problem.status >= 500:
        log.warning("a page failed", reference=reference, code=problem.code, path=request.scope["path"])
    return render.page(
        signed_out_desk(request),
        "error.html",
        problem.status,
        headers,
        http_status=problem.status,
        code=problem.code,
        detail=problem.detail,
        reference=reference,
    )


def on_http_exception(request: HTTP_REQUEST, error: HTTPException) -> Response[Any]:
    code = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "invalid")
    return on_problem(request, Problem(error.status_code, code, error.detail))


def on_away(request: HTTP_REQUEST, error: Exception) -> Response[Any]:
    """The database is away: nothing is wrong with what was asked."""
    log.warning("the database is away", error=repr(error))
    detail = "The desk cannot reach its database. Try again in a moment."
    return on_problem(request, Problem(503, "unavailable", detail, retry_after_seconds=1))


def on_error(request: HTTP_REQUEST, error: Exception) -> Response[Any]:
    log.error("a page failed", path=request.scope["path"], exc_info=error)
    return on_problem(request, Problem(500, "internal", ""))


EXCEPTION_HANDLERS: Any = {
    **dict.fromkeys(TRANSIENT, on_away),
    Problem: on_problem,
    HTTPException: on_http_exception,
    Exception: on_error,
}
