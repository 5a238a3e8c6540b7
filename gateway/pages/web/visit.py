"""One request of somebody at the desk: who they are, and how to answer them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from gateway.access import Principal
from gateway.context import Gateway
from gateway.http.requests import Here, of_session
from gateway.pages.web import render
from gateway.pages.web.facts import facts_of, features_of
from gateway.pages.web.formats import Formats
from gateway.pages.web.preferences import Preferences
from gateway.pages.web.render import Desk, Viewer
from gateway.pages.web.submission import Submission, checked_submission
from gateway.store.access import acting_as
from shared import clock
from shared.db import Tx

HTTP_REQUEST = Request[Any, Any, Any]


@dataclass(frozen=True)
class Visit:
    """One reader's request, with the desk that their templates need."""

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

    async def submission(self) -> Submission:
        """Return the form that was sent; raises 403 unless it carries the session's token."""
        return await checked_submission(self.request, self.principal)

    def page(
        self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
    ) -> Response[bytes]:
        return render.page(self.desk, template, status, headers, **context)


ThisVisit: TypeAlias = NamedDependency[SkipValidation[Visit]]


async def provide_visit(request: HTTP_REQUEST, gateway: Here) -> Visit:
    """The visit of whoever is signed in by cookie; 401 sends them to the sign-in page."""
    principal = await of_session(request, gateway)
    facts = await facts_of(gateway, principal)
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
            operates=principal.may("operate"),
        ),
        features=features_of(request),
        badges={name: facts[name] for name in ("bulk-actions", "held", "operations")},
        takes_gzip="gzip" in request.headers.get("accept-encoding", ""),
    )
    return Visit(request, gateway, principal, desk)
