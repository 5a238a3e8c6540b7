"""A clerk's program at the API, by the generated client: signed in, patient, and safe to run twice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager

import httpx

from ispbills_client import Client
from ispbills_client.answers import Made, Refused, completed, granted
from ispbills_client.api.sessions import sign_in
from ispbills_client.models import Operation, Problem, SignIn

AT_ONCE = 8


class DemoFailed(RuntimeError):
    """The installation did not do what the demo needs."""


class Clerk:
    """The API as one signed-in user sees it."""

    def __init__(self, api: Client, login: Mapping[str, str]) -> None:
        self.api = api
        self._login = SignIn(email=login["email"], password=login["password"])

    async def sign_in(self) -> None:
        """Sign in, anew where the clock has run away from the session of before."""
        http = self.api.get_async_httpx_client()
        http.cookies.clear()
        session = granted(await sign_in.asyncio(client=self.api, body=self._login))
        assert session.csrf_token is not None, "only a token's session has none"
        http.headers["X-CSRF-Token"] = session.csrf_token

    async def made(self, kind: type[Made], asked: Awaitable[Made | Operation | Problem | None]) -> Made:
        """Return what a write made, once it is there."""
        return await completed(kind, await asked, client=self.api)

    async def made_unless(
        self, kind: type[Made], asked: Awaitable[Made | Operation | Problem | None], *refused_with: int
    ) -> Made | None:
        """Return what a write made, or None where it is refused with a status that is to be expected."""
        try:
            return await self.made(kind, asked)
        except Refused as refused:
            if refused.problem.status not in refused_with:
                raise
            return None


@asynccontextmanager
async def signed_in(gateway_url: str, login: Mapping[str, str]) -> AsyncIterator[Clerk]:
    """The API as this login sees it; email and password."""
    # More than that wait for a connection, however long that takes.
    limits, timeout = httpx.Limits(max_connections=AT_ONCE), httpx.Timeout(60, pool=None)
    async with Client(base_url=gateway_url, timeout=timeout, httpx_args={"limits": limits}) as api:
        clerk = Clerk(api, login)
        await clerk.sign_in()
        yield clerk
