"""How much a body may hold, wherever it is sent, and how often a stranger may send one."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from litestar import Litestar

from gateway.app import create_app
from gateway.context import Gateway
from gateway.http.limits import STRANGERS_A_SECOND
from tests.integration.gateway.apps import app_for
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Files apart, nothing needs more.
LARGEST_OF_ORDINARY_ROUTES = 8_000_000


def _routes(app: Litestar) -> Iterator[tuple[str, str, Any]]:
    """Method, address and handler of whatever takes a body."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            for method in handler.http_methods & set(UNSAFE):
                path = "/".join(
                    "1" if part.startswith("{") else part for part in route.path_format.split("/")
                )
                yield method, path, handler


class Counted:
    """A body that knows how much of it was read."""

    def __init__(self, size: int) -> None:
        self.left, self.read = size, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.left > 0:
            part = b"a" * min(65_536, self.left)
            self.left -= len(part)
            self.read += len(part)
            yield part


async def test_every_route_refuses_a_body_that_is_too_large_without_reading_it(gateway: Gateway) -> None:
    app = app_for(gateway)
    routes = list(_routes(app))
    assert len(routes) > 60
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        for method, path, handler in routes:
            most = handler.resolve_request_max_body_size()
            assert most is not None, path
            assert most <= LARGEST_OF_ORDINARY_ROUTES or path.endswith("/customers/import"), path
            assert most <= 20_000 or not handler.opt.get("strangers"), path
            headers = {"Content-Length": str(most + 1), "Content-Type": "application/x-www-form-urlencoded"}
            body = Counted(most + 1)
            answer = await client.request(method, path, content=body, headers=headers)
            assert answer.status_code == 413, (method, path, answer.text)
            # httpx's own transport takes a first part before anybody asks for it.
            assert body.read <= 65_536, (method, path)


async def test_a_body_that_does_not_say_how_large_it_is_is_read_to_its_ceiling_only(gateway: Gateway) -> None:
    transport = httpx.ASGITransport(app=app_for(gateway))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        for path in ("/preferences", "/sign-in", "/api/v1/session"):
            body = Counted(10_000_000)
            answer = await client.post(path, content=body)
            assert answer.status_code == 413, path
            assert body.read <= 200_000, path


async def test_strangers_are_paced_by_their_address(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Time stands still: a slow machine would fill the bucket again meanwhile.
    monkeypatch.setattr("gateway.http.requests.time", SimpleNamespace(monotonic=lambda: 0.0))
    app = create_app(gateway)
    strangers = sorted({path for _, path, handler in _routes(app) if handler.opt.get("strangers")})
    assert strangers == ["/api/v1/session", "/preferences", "/sign-in"]
    for path in strangers:
        app = create_app(gateway)
        flood = httpx.ASGITransport(app=app, client=("192.0.2.1", 1))
        async with httpx.AsyncClient(transport=flood, base_url="http://desk.test") as client:
            answers = [
                await client.post(path, headers={"Origin": "http://elsewhere.test"})
                for _ in range(3 * STRANGERS_A_SECOND)
            ]
        assert answers[-1].status_code == 429, path
        assert answers[-1].headers["Retry-After"] == "1"
        other = httpx.ASGITransport(app=app, client=("192.0.2.2", 1))
        async with httpx.AsyncClient(transport=other, base_url="http://desk.test") as client:
            answer = await client.post(path, headers={"Origin": "http://elsewhere.test"})
            assert answer.status_code == 403, path


@pytest.mark.parametrize("path", ["/preferences", "/sign-in"])
async def test_a_form_of_very_many_fields_is_refused(gateway: Gateway, path: str) -> None:
    transport = httpx.ASGITransport(app=app_for(gateway))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        answer = await client.post(path, content=b"a=1&" * 4_500)
    assert answer.status_code == 413


async def test_many_wrong_fields_are_counted_and_a_few_of_them_named(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    admin = await client_for(harness.root, "admin")
    unknown = dict.fromkeys((f"f{number}" for number in range(80_000)), 1)
    unknown["n" * 50_000] = 1
    started = time.process_time()
    answer = await admin.post("/packages", content=json.dumps(unknown).encode())
    took = time.process_time() - started
    assert answer.status_code == 413 or len(answer.content) < 20_000
    few = {**dict.fromkeys((f"f{number}" for number in range(60_000)), 1), "n" * 50_000: 1}
    answer = await admin.post("/packages", content=json.dumps(few).encode())
    assert answer.status_code == 422
    assert len(answer.content) < 20_000
    assert "more are wrong" in answer.json()["errors"][-1]["detail"]
    assert took < 30, "each field is looked up among all others"
