"""Looked at before a route is entered: whether the body is too large, a stranger too quick."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from gateway.context import Gateway
from gateway.http.requests import Pace, address
from gateway.problems import Problem

# For routes that answer without asking who somebody is; `opt=STRANGERS` says that one is such a route.
STRANGERS_A_SECOND = 20
STRANGERS = {"strangers": True}
LARGEST_STRANGERS_BODY_BYTES = 20_000


def limits(gateway: Gateway) -> Any:
    """Return the middleware; each process has its own pace.

    A body that says how large it is, is refused unread; one that does not, where it is read (`raw_body`).
    """
    pace = Pace(STRANGERS_A_SECOND)

    def limited(app: ASGIApp) -> ASGIApp:
        async def enter(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == ScopeType.HTTP:
                request = Request[Any, Any, Any](scope, receive, send)
                route = request.route_handler
                refuse_large(request, route.resolve_request_max_body_size())
                if route.opt.get("strangers"):
                    pace.check(address(request, gateway))
            await app(scope, receive, send)

        return enter

    return limited


def refuse_large(request: Request[Any, Any, Any], most: int | None) -> None:
    """413 when the request says that its body is larger than its route takes."""
    length = request.headers.get("content-length", "")
    if most is not None and length.isdigit() and int(length) > most:
        raise Problem(413, "too-large", f"At most {most:,} bytes are taken.")
