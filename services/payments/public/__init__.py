"""What payments shows to everybody: the page of a link, where customers come back, callbacks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from litestar import Litestar, Response
from litestar.datastructures import MutableScopeHeaders, State
from litestar.static_files import create_static_files_router
from litestar.types import Message, Scope

from services.payments.public import callbacks, pages, sandbox_page
from services.payments.public.counter import Counter
from shared.db import TRANSIENT
from shared.outgoing import is_development

log = structlog.get_logger()

LARGEST_BODY_BYTES = 64_000
_STATIC = Path(__file__).parent / "static"
# The page's form goes on to a provider: browsers hold a redirect after it to `form-action` too.
_TO_PROVIDERS = "'self' https: http:" if is_development() else "'self' https:"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # the address is the secret
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(counter: Counter) -> Litestar:
    """Every public route of payments."""
    office = counter.tills.office
    routes: list[Any] = [*pages.ROUTES, *callbacks.ROUTES]
    if office.is_development:
        routes += sandbox_page.ROUTES
    return Litestar(
        route_handlers=[*routes, create_static_files_router("/pay-page", [_STATIC])],
        state=State({"counter": counter}),
        before_send=[partial(_guard, HEADERS | {"Content-Security-Policy": _policy(office.gateway_url)})],
        request_max_body_size=LARGEST_BODY_BYTES,
        exception_handlers={404: _not_found, **dict.fromkeys(TRANSIENT, _away), 500: _failed},
        openapi_config=None,
        logging_config=None,
    )


def _not_found(request: Any, _error: Exception) -> Response[Any]:
    return pages.no_such_page(request)


def _away(request: Any, error: Exception) -> Response[Any]:
    log.warning("the database is away", error=repr(error))
    return _sorry(request, 503)


def _failed(request: Any, error: Exception) -> Response[Any]:
    log.error("request failed", path=request.url.path, exc_info=error)
    return _sorry(request, 500)


def _sorry(request: Any, status: int) -> Response[Any]:
    """Answer what is no fault of whoever asked: a provider says it again, a customer tries again."""
    if request.url.path.startswith("/webhooks/"):
        return callbacks.answer(status, "try-again" if status == 503 else "internal")
    return pages.not_now(request, status)


def _policy(gateway_url: str) -> str:
    """Nothing but our own style and the gateway's logos; no script at all."""
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self' data: {gateway_url}; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {_TO_PROVIDERS}"
    )


async def _guard(guards: Mapping[str, str], message: Message, scope: Scope) -> None:
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in guards.items():
            headers.setdefault(name, value)
        if scope["path"].startswith("/pay-page/"):
            headers["Cache-Control"] = "public, max-age=86400"
