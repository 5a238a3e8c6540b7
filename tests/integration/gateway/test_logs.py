"""What the gateway logs while it answers names who asked and in which trace."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import asyncpg
import httpx
import pytest
import structlog

from gateway.context import Gateway
from shared import health, telemetry
from shared.service import Service
from tests.integration.gateway.apps import app_for
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness

TRACE_ID = "c" * 32


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a process of the gateway writes to its log from here on."""
    written, root = io.StringIO(), logging.getLogger()
    monkeypatch.setattr("sys.stderr", written)
    before, level, configured = root.handlers[:], root.level, structlog.get_config()
    telemetry.configure_logging("gateway")
    yield written
    root.handlers, root.level = before, level
    structlog.configure(**configured)
    structlog.contextvars.clear_contextvars()


async def test_a_request_that_fails_is_logged_with_who_asked_and_its_trace(
    harness: GatewayHarness,
    gateway: Gateway,
    client_for: ClientFor,
    written: io.StringIO,
    database_url: str,
) -> None:
    owner = await asyncpg.connect(database_url, server_settings={"search_path": "gateway"})
    await owner.execute("REVOKE ALL ON package FROM gateway")
    await owner.close()
    signed_in = await client_for(harness.north, "operator")
    process = Service("gateway", gateway.settings, needs_kafka=False)
    transport = httpx.ASGITransport(health.app_for(process, app_for(gateway), lambda: None))
    async with httpx.AsyncClient(transport=transport, headers=signed_in.headers) as client:
        headers = {"traceparent": f"00-{TRACE_ID}-{'d' * 16}-01"}
        answer = await client.get("http://desk.test/api/v1/packages", headers=headers)
    assert answer.status_code == 500
    (line,) = [json.loads(each) for each in written.getvalue().splitlines()]
    assert line["event"] == "request failed"
    assert (line["operator"], line["trace_id"]) == (str(harness.north.operator_id), TRACE_ID)
    assert (line["process"], line["path"]) == ("gateway", "/api/v1/packages")
