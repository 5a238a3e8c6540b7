"""The gateway process: API and pages over the read model, and the outbox that carries their wishes."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.exceptions import HTTPException

from gateway import api, pages
from gateway.access import Principal
from gateway.api import declarations
from gateway.commands import bulk_actions as bulk_action_commands
from gateway.context import Gateway
from gateway.http import responses
from gateway.http.limits import limits
from gateway.http.requests import LARGEST_BODY_BYTES, REQUESTS_A_SECOND, Pace, identify
from gateway.http.security import guard
from gateway.operations.listener import Waiters
from gateway.pages.web import errors
from gateway.retention import KEPT
from gateway.schemas.portal_links import Portals
from gateway.settings import Settings
from gateway.store import imports as import_store
from gateway.store.erasure import forget_erased
from gateway.webhooks import WebhookSender
from gateway.workers import send_again
from shared import blobs, erasure
from shared.links import Links
from shared.service import Service, Worker, serve


def create_service(settings: Settings) -> Service:
    """Ready without Kafka: what is asked for meanwhile waits in the outbox."""
    waiters = Waiters(settings.listening_url)
    portals = Portals(settings.public_url, settings.session_secret, links_of(settings))
    dispatch = partial(bulk_action_commands.dispatch, portals=portals)
    dispatch_again = partial(bulk_action_commands.dispatch_again, portals=portals)

    webhooks = WebhookSender(settings.session_secret, portals)

    def http(service: Service) -> Litestar:
        files = blobs.open_store(settings) if settings.keeps_files else None
        return create_app(Gateway(settings, waiters, portals, lambda: service.pool, files))

    return Service(
        "gateway",
        settings,
        needs_kafka=False,
        kept=KEPT,
        workers=[
            Worker("waiters", waiters.listen),
            Worker("send-again", send_again, pause_seconds=5),
            Worker("imports", import_store.send_waiting, pause_seconds=0.2),
            Worker("bulk", dispatch, pause_seconds=0.1),
            Worker("bulk-again", dispatch_again, pause_seconds=5),
            Worker("erased customers", erasure.forgetting(forget_erased)),
            Worker("webhooks", webhooks.step, pause_seconds=0.3),
        ],
        http=http,
    )


def links_of(settings: Settings) -> Links:
    """Return what makes the addresses of payment links."""
    return Links(settings.link_key.get_secret_value(), settings.payments_public_url)


def create_app(gateway: Gateway) -> Litestar:
    """Every route, behind one check of who is asking."""
    pace = Pace(REQUESTS_A_SECOND)

    async def principal(request: Request[Any, Any, Any]) -> Principal:
        asking = await identify(request, gateway, pace)
        declarations.permit(request.route_handler, asking)
        return asking

    return Litestar(
        route_handlers=[*api.routes(), *pages.routes()],
        dependencies={
            "gateway": Provide(lambda: gateway, sync_to_thread=False),
            "principal": Provide(principal),
        },
        exception_handlers={**responses.exception_handlers(), HTTPException: _no_such_route},
        before_send=[guard],
        middleware=[limits(gateway)],
        request_max_body_size=LARGEST_BODY_BYTES,
        openapi_config=None,  # `api.openapi` serves the document
        logging_config=None,
    )


def _no_such_route(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """An address that nobody serves: a page for a browser at the desk, a problem document for a program."""
    reads_html = "text/html" in request.headers.get("accept", "")
    if reads_html and not request.scope["path"].startswith(("/api/", "/schema")):
        return errors.on_http_exception(request, error)
    return responses.http_problem(request, error)


def run(port: int | None = None) -> None:
    """Serve until told to stop."""
    serve(create_service(Settings()), port)
