"""What payments shows to everybody: the page of a link, where customers come back, callbacks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from litestar import Litestar, Response
from litestar.datastructures import MutableScopeHeaders, State
from litestar.static_files import create_static_files_router
from litestar.types import Message, Scope

from services.payments.public import callbacks, pages, sandbox_page
from services.payments.public.counter import Counter
from shared.outgoing import is_development

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
        exception_handlers={404: _not_found},
        openapi_config=None,
        logging_config=None,
    )


def _not_found(request: Any, _error: Exception) -> Response[Any]:
    return pages.no_such_page(request)


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
