"""Spans reach a collector over OTLP/HTTP: from a process that ends, and from a service that is stopped."""

from __future__ import annotations

import asyncio
import gzip
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests import patience
from tests.integration.plumbing.road import Road, good, send_raw
from tests.integration.plumbing.test_lanes import dividing

ROOT = Path(__file__).parents[3]
# No batch is sent for its age while a test runs: what comes was sent because the process stopped.
ONLY_AT_THE_END = {"OTEL_BSP_SCHEDULE_DELAY": "3600000"}


class Collector(ThreadingHTTPServer):
    """What an OpenTelemetry collector listens as: binary protobuf, POSTed to /v1/traces."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.came: list[tuple[str, str | None, ExportTraceServiceRequest]] = []

    @property
    def environment(self) -> dict[str, str]:
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self.server_port}"} | ONLY_AT_THE_END

    def spans(self) -> list[tuple[str, str]]:
        """Each span that came: its service's name and its own."""
        return [
            (attribute.value.string_value, span.name)
            for _, _, request in self.came
            for each in request.resource_spans
            for attribute in each.resource.attributes
            if attribute.key == "service.name"
            for scope in each.scope_spans
            for span in scope.spans
        ]


class _Answering(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        request = ExportTraceServiceRequest.FromString(body)
        self.server.came.append((self.path, self.headers["Content-Type"], request))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.end_headers()
        self.wfile.write(ExportTraceServiceResponse().SerializeToString())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


ONE_SPAN = """
from shared.tracing import configure_tracing, span
assert configure_tracing("payments")
with span("settle"):
    pass
"""


def test_a_span_reaches_the_collector_that_the_environment_names(collector: Collector) -> None:
    subprocess.run(
        [sys.executable, "-c", ONE_SPAN], cwd=ROOT, env=os.environ | collector.environment, check=True
    )
    assert [(path, kind) for path, kind, _ in collector.came] == [("/v1/traces", "application/x-protobuf")]
    assert collector.spans() == [("payments", "settle")]


async def send_traced(kafka: str, topic: str, counted_on: str, digit: str) -> None:
    body, headers = good(1, counted_on)
    traceparent = f"00-{digit * 32}-{digit * 16}-01"
    await send_raw(kafka, topic, [(body, [*headers, ("traceparent", traceparent.encode())])])


async def test_a_service_that_is_told_to_stop_sends_the_spans_of_both_its_processes(
    road: Road, kafka: str, collector: Collector
) -> None:
    async with dividing(road, kafka, road.topic, **collector.environment) as divided:
        await send_traced(kafka, road.topic, road.topic, "a")
        await send_traced(kafka, divided.bulk_topic, road.topic, "b")
        await road.until(2)
        assert collector.came == []
        divided.process.terminate()
        ended = await asyncio.to_thread(divided.process.wait, patience.SECONDS)
        assert ended in (0, -signal.SIGTERM)
    handled = [each for each in collector.spans() if each[1] == "process counted.v1"]
    assert handled == [("notifications", "process counted.v1")] * 2


async def test_a_collector_that_never_answers_does_not_keep_a_service(road: Road, kafka: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        endpoint = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        said = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint} | ONLY_AT_THE_END
        async with dividing(road, kafka, road.topic, **said) as divided:
            await send_traced(kafka, road.topic, road.topic, "a")
            await send_traced(kafka, divided.bulk_topic, road.topic, "b")
            await road.until(2)
            divided.process.terminate()
            ended = await asyncio.to_thread(divided.process.wait, patience.SECONDS)
        # In good order: what was cut off at its last moment ends with 1.
        assert ended in (0, -signal.SIGTERM)
