"""A clerk's program at the HTTP API: signed in, patient with what takes longer, and safe to run twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import httpx

AT_ONCE = 8
PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 0.2

Body: TypeAlias = dict[str, Any]


class DemoFailed(RuntimeError):
    """The API did not do what the demo needs."""


class Clerk:
    """The API as one signed-in user sees it."""

    def __init__(self, client: httpx.AsyncClient, login: Mapping[str, str]) -> None:
        self._client, self._login = client, dict(login)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def sign_in(self) -> None:
        """Sign in, anew where the clock has run away from the session of before."""
        self._client.cookies.clear()
        answer = await self._client.post("/api/v1/session", json=self._login)
        self._client.headers["X-CSRF-Token"] = _body(answer)["csrf_token"]

    async def get(self, path: str, **query: Any) -> Body:
        """A resource."""
        async with self._turns:
            return _body(await self._client.get(path, params=query))

    async def all(self, path: str, **query: Any) -> list[Body]:
        """Every item of a list, page after page."""
        items: list[Body] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, limit=200, **query, **cursor)
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}

    async def post(self, path: str, body: Body, key: str, *, but: tuple[int, ...] = ()) -> Body:
        """Make something under an idempotency key and wait until it is there; `but`: refusals to expect."""
        return await self._write("POST", path, key, but, json=body)

    async def change(self, method: str, path: str, body: Body) -> Body:
        """Change something; the same change twice does no harm."""
        return await self._write(method, path, None, (), json=body)

    async def upload(self, path: str, csv: str, key: str) -> Body:
        """Hand a file in and wait for the report."""
        content = csv.encode()
        return await self._write("POST", path, key, (), content=content, headers={"Content-Type": "text/csv"})

    async def _write(
        self, method: str, path: str, key: str | None, but: tuple[int, ...], **sent: Any
    ) -> Body:
        headers = {**sent.pop("headers", {}), **({"Idempotency-Key": key} if key else {})}
        async with self._turns:
            answer = await self._client.request(method, path, headers=headers, **sent)
        if answer.status_code in but:
            return {}
        body = _body(answer)
        if answer.status_code == 202 and "Location" in answer.headers:
            return await self._finished(answer.headers["Location"], but)
        return body

    async def _finished(self, location: str, but: tuple[int, ...]) -> Body:
        async for operation in self.looking_at(location):
            if operation.get("state") == "completed":
                return operation.get("resource") or operation
            if operation.get("state") == "refused":
                if operation["problem"].get("status") in but:
                    return {}
                raise DemoFailed(f"{location}: {operation['problem'].get('detail')}")
        raise DemoFailed(f"{location} has not ended within {PATIENCE_SECONDS:.0f} s")

    async def looking_at(self, path: str, **query: Any) -> AsyncIterator[Body]:
        """The resource again and again, until the caller has seen enough or patience ends."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            yield await self.get(path, **query)
            await asyncio.sleep(_PAUSE_SECONDS)


def _body(answer: httpx.Response) -> Body:
    if answer.is_success:
        return answer.json() if answer.content else {}
    raise DemoFailed(
        f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:500]}"
    )


@asynccontextmanager
async def signed_in(gateway_url: str, login: Mapping[str, str]) -> AsyncIterator[Clerk]:
    """The API as this login sees it; email and password."""
    async with httpx.AsyncClient(base_url=gateway_url, timeout=60) as client:
        clerk = Clerk(client, {"email": login["email"], "password": login["password"]})
        await clerk.sign_in()
        yield clerk
