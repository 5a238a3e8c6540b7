"""Health and metrics of every process, and the lifespan around it all."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, TypeAlias

from opentelemetry.trace import SpanKind
from prometheus_client import make_asgi_app

from shared.telemetry import HTTP_REQUESTS, HTTP_SECONDS
from shared.tracing import span

if TYPE_CHECKING:
    from shared.service import Service

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


def app_for(service: Service, inner: AsgiApp | None, on_stop: Callable[[], None]) -> AsgiApp:
    """An ASGI app that runs the service, answers for its health and passes the rest to `inner`.

    `on_stop` is called once, when the service begins to stop. Metrics that have a port of their own are not
    shown here, nor why a partition stands still.
    """
    is_public = service.settings.metrics_port is not None
    metrics = make_asgi_app(service.metrics)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "lifespan":
            await _lifespan(service, on_stop, receive, send)
        elif path == "/health/live":
            await _answer(send, 200, {"status": "live"})
        elif path == "/health/ready":
            await _answer_ready(service, send, is_public=is_public)
        elif not is_public and (path == "/metrics" or path.startswith("/metrics/")):
            await metrics(scope, receive, send)
        elif inner is not None:
            await _traced(inner, scope, receive, send)
            if scope.get("method") not in ("GET", "HEAD"):
                service.activity.note()
        else:
            await _answer(send, 404, {"status": "not-found"})

    return app


async def _answer_ready(service: Service, send: Send, *, is_public: bool) -> None:
    ready = await service.is_ready()
    body: dict[str, Any] = {"status": "ready" if ready else "starting"}
    # Ready all the same: everything else goes on, and a fresh process would fare no better.
    if not is_public and (troubles := service.troubles()):
        body["partitions"] = troubles
    await _answer(send, 200 if ready else 503, body)


async def _lifespan(service: Service, on_stop: Callable[[], None], receive: Receive, send: Send) -> None:
    async with AsyncExitStack() as stack:
        await receive()
        await stack.enter_async_context(service.running())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        on_stop()
    await send({"type": "lifespan.shutdown.complete"})


async def _traced(inner: AsgiApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Pass a request on in a span of its caller's trace, known by its route and never by its address."""
    began, status = time.perf_counter(), 500
    method = scope["method"] if scope["method"] in METHODS else "other"
    headers = dict(scope["headers"])

    async def note(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            HTTP_SECONDS.labels(method).observe(time.perf_counter() - began)
        await send(message)

    with span(method, SpanKind.SERVER, headers.get(b"traceparent", b"").decode("latin-1")) as current:
        try:
            await inner(scope, receive, note)
        finally:
            route = scope.get("path_template") or "none"
            current.update_name(f"{method} {route}")
            current.set_attributes({"http.route": route, "http.response.status_code": status})
            HTTP_REQUESTS.labels(method, route, str(status)).inc()


async def _answer(send: Send, status: int, body: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
