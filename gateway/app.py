"""The gateway process: API and pages over the read model, and the outbox that carries their wishes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.datastructures import MutableScopeHeaders
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.types import Message, Scope

from gateway import pages
from gateway.api import billing_runs as desk
from gateway.api import bills
from gateway.api import bulk_actions as bulk_routes
from gateway.api import customers as catalogue
from gateway.api import openapi as schema
from gateway.api import sessions as session
from gateway.commands import bulk_actions as bulk
from gateway.context import Gateway
from gateway.domain import Principal
from gateway.http import responses
from gateway.http.requests import REQUESTS_A_SECOND, Pace, identify
from gateway.operations.listener import Waiters
from gateway.pages.web import visit as visits
from gateway.schemas.portal_links import Portals
from gateway.settings import Settings
from gateway.store import operations
from gateway.store import users as people
from shared import clock
from shared.db import Pool, in_transaction
from shared.service import Service, Worker, serve

KEYS_ARE_KEPT = timedelta(days=30)

SECURITY_HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_service(settings: Settings) -> Service:
    """Ready without Kafka: what is asked for meanwhile waits in the outbox."""
    waiters = Waiters(settings.database_url)

    def http(service: Service) -> Litestar:
        portals = Portals(settings.public_url, settings.session_secret)
        return create_app(Gateway(settings, waiters, portals, lambda: service.pool))

    return Service(
        "gateway",
        settings,
        needs_kafka=False,
        workers=[
            Worker("waiters", waiters.listen),
            Worker("send-again", send_again, pause_seconds=5),
            Worker("bulk", bulk.dispatch, pause_seconds=0.1),
            Worker("bulk-again", bulk.dispatch_again, pause_seconds=5),
            Worker("forget", forget, pause_seconds=3_600),
        ],
        http=http,
    )


def create_app(gateway: Gateway) -> Litestar:
    """Every route, behind one check of who is asking."""
    pace = Pace(REQUESTS_A_SECOND)

    async def principal(request: Request[Any, Any, Any]) -> Principal:
        return await identify(request, gateway, pace)

    api = Router(
        "/api/v1",
        route_handlers=[*session.ROUTES, *bills.ROUTES, *catalogue.ROUTES, *desk.ROUTES, *bulk_routes.ROUTES],
    )
    return Litestar(
        route_handlers=[api, *schema.ROUTES, *pages.routes()],
        dependencies={
            "gateway": Provide(lambda: gateway, sync_to_thread=False),
            "principal": Provide(principal),
        },
        exception_handlers={**responses.exception_handlers(), HTTPException: _no_such_route},
        before_send=[guard],
        openapi_config=OpenAPIConfig(title="ispbills", version="1", path="/schema/parts", render_plugins=[]),
        logging_config=None,
    )


def _no_such_route(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """An address that nobody serves: a page for a browser at the desk, a problem document for a program."""
    reads_html = "text/html" in request.headers.get("accept", "")
    if reads_html and not request.scope["path"].startswith(("/api/", "/schema")):
        return visits.on_http_exception(request, error)
    return responses.http_problem(request, error)


async def guard(message: Message, _: Scope) -> None:
    """Every answer carries the security headers, refusals and redirects too."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)


async def send_again(pool: Pool) -> bool:
    """Commands without an answer go out again, under the same ids, after growing pauses."""
    async with in_transaction(pool) as tx:
        return await operations.send_again(tx, clock.now())


async def forget(pool: Pool) -> bool:
    """Old keys, sessions and counted sign-ins."""
    now = clock.now()
    async with in_transaction(pool) as tx:
        await operations.forget_old_keys(tx, now - KEYS_ARE_KEPT)
        await people.do(tx, "forget_old_sessions", now=now)
        await people.do(tx, "forget_old_sign_ins", before=now - timedelta(hours=1))
    return False


def run(port: int | None = None) -> None:
    """Serve until told to stop."""
    serve(create_service(Settings()), port)
