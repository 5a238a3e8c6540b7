"""One trace from a request through the outbox and Kafka to what a handler says."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared import health, outgoing, tracing
from shared.contracts.envelope import Received
from shared.db import Tx
from shared.telemetry import current_traceparent
from tests.integration.plumbing.road import Road

TOKEN = "a-token-that-opens-something"


async def ask(road: Road, service: Any, headers: dict[str, str]) -> httpx.Response:
    """A request whose answer is written into the outbox."""

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        scope["path_template"] = "/pay/{token}"
        await road.say([5])
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = health.app_for(service, inner, lambda: None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        return await client.post(f"/pay/{TOKEN}?q={TOKEN}", headers=headers)


async def test_a_trace_goes_from_the_request_through_kafka_to_the_handler(
    road: Road, spans: InMemorySpanExporter
) -> None:
    heard: list[str | None] = []
    add = road.add

    async def listen(messages: list[Received[Any]], tx: Tx) -> None:
        heard.append(current_traceparent())
        await add(messages, tx)

    road.add = listen  # type: ignore[method-assign,assignment]
    caller = "00-" + "c" * 32 + "-" + "d" * 16 + "-01"
    async with road.open() as service:
        assert (await ask(road, service, {"traceparent": caller})).status_code == 201
        await road.until(5)
        await asyncio.sleep(0.2)
    found = {each.name: each for each in spans.get_finished_spans()}
    request, sent = found["POST /pay/{token}"], found[f"send {road.topic}"]
    handled = found["process counted.v1"]
    assert {f"{each.context.trace_id:032x}" for each in (request, sent, handled)} == {"c" * 32}
    assert [f"{each.parent.span_id:016x}" for each in (request, sent, handled)] == [
        "d" * 16,
        f"{request.context.span_id:016x}",
        f"{request.context.span_id:016x}",
    ]
    # What the handler says goes on from its own span.
    assert heard == [f"00-{'c' * 32}-{handled.context.span_id:016x}-01"]
    assert TOKEN not in "".join(each.to_json() for each in spans.get_finished_spans())


async def test_a_call_outside_is_a_span_that_names_the_host_alone(spans: InMemorySpanExporter) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert TOKEN in str(request.url)
        return httpx.Response(200, stream=httpx.ByteStream(b""))

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        await outgoing.send(client, client.build_request("GET", f"https://sms.example.org/?key={TOKEN}"))
    (span,) = spans.get_finished_spans()
    assert span.name == "GET sms.example.org"
    assert span.kind is trace.SpanKind.CLIENT
    assert TOKEN not in span.to_json()


async def test_a_failing_piece_of_work_says_what_failed_and_not_about_whom(
    spans: InMemorySpanExporter,
) -> None:
    with pytest.raises(ValueError, match="017"), tracing.span("work"):
        raise ValueError("01712345678 is no mobile")
    (span,) = spans.get_finished_spans()
    assert (span.status.status_code, span.status.description) == (trace.StatusCode.ERROR, "ValueError")
    assert "0171" not in span.to_json()


def test_nothing_is_exported_unless_the_environment_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", raising=False)
    assert not tracing.configure_tracing("payments")
    assert not tracing.is_on()
