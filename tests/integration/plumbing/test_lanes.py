"""A service in two processes: its bulk lane is watched, shown as the service's, and ends with it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from shared.contracts.topics import Topic
from shared.kafka import Kafka
from shared.topics import create_topics
from tests import patience
from tests.integration.plumbing.road import Road, good, send_raw
from tests.patience import until

ROOT = Path(__file__).parents[3]


class Divided:
    """The service at work: its own process, and the bulk lane that it has started."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, bulk_topic: str) -> None:
        self.process, self.port, self.bulk_topic = process, port, bulk_topic
        self.url = f"http://127.0.0.1:{port}"
        self.service = psutil.Process(process.pid)

    @property
    def bulk(self) -> psutil.Process:
        (child,) = self.service.children()
        return child

    async def is_ready(self) -> bool:
        assert self.process.poll() is None, "the service has ended"
        async with httpx.AsyncClient(base_url=self.url, timeout=patience.SECONDS) as client:
            try:
                return (await client.get("/health/ready")).status_code == 200
            except httpx.HTTPError:
                return False

    async def metrics(self) -> str:
        async with httpx.AsyncClient(base_url=self.url, timeout=patience.SECONDS) as client:
            return (await client.get("/metrics/")).text


def _start(
    road: Road, kafka: str, port: int, clerks_topic: str, bulk_topic: str, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    addresses = {"DATABASE_URL": road.settings.database_url, "KAFKA_BOOTSTRAP_SERVERS": kafka}
    topics = {"CLERKS_TOPIC": clerks_topic, "BULK_TOPIC": bulk_topic}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.plumbing.divided"],
        cwd=ROOT,
        env=os.environ | addresses | topics | {"HTTP_PORT": str(port)} | environment,
    )


@asynccontextmanager
async def dividing(road: Road, kafka: str, clerks_topic: str, **environment: str) -> AsyncIterator[Divided]:
    """A service in two processes that hears a topic of clerks, and one in bulk that it makes."""
    bulk_topic = "bulk-" + uuid.uuid4().hex
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    await create_topics(Kafka(kafka), [Topic(bulk_topic, partitions=3)])
    process = _start(road, kafka, port, clerks_topic, bulk_topic, environment)
    service = Divided(process, port, bulk_topic)
    try:
        await until(service.is_ready, "the service is ready")
        yield service
    finally:
        process.kill()
        process.wait()


@pytest.fixture
async def divided(road: Road, kafka: str) -> AsyncIterator[Divided]:
    async with dividing(road, kafka, road.topic) as service:
        yield service


async def test_each_lane_is_heard_by_its_own_process_and_both_are_shown(
    divided: Divided, road: Road, kafka: str
) -> None:
    await send_raw(kafka, road.topic, [good(1, road.topic)])
    await send_raw(kafka, divided.bulk_topic, [good(2, road.topic)])
    await road.until(3)
    assert divided.bulk.nice() > divided.service.nice()

    async def shown() -> bool:
        text = await divided.metrics()
        own = f'ispbills_records_total{{outcome="handled",subscription="{road.topic}"}} 1.0' in text
        part = f'outcome="handled",part="bulk",subscription="{divided.bulk_topic}"}} 1.0' in text
        assert text.count("# TYPE ispbills_records_total counter") == 1
        return own and part

    await until(shown, "both lanes are shown")


async def test_a_bulk_lane_that_is_killed_is_started_again_and_loses_nothing(
    divided: Divided, road: Road, kafka: str
) -> None:
    before, killed = divided.process.pid, divided.bulk
    killed.kill()
    await send_raw(kafka, divided.bulk_topic, [good(4, road.topic)])
    await send_raw(kafka, road.topic, [good(1, road.topic)])
    await road.until(5)
    assert divided.bulk.pid != killed.pid
    assert divided.process.pid == before
    assert await divided.is_ready()
    assert "ispbills_bulk_lane_restarts_total 1.0" in await divided.metrics()


async def test_a_bulk_lane_stops_in_good_order_with_its_service(divided: Divided) -> None:
    bulk = divided.bulk
    divided.process.terminate()
    assert await asyncio.to_thread(divided.process.wait, patience.SECONDS) in (0, -signal.SIGTERM)
    assert not bulk.is_running()


async def test_a_bulk_lane_ends_when_its_service_is_killed(divided: Divided) -> None:
    bulk = divided.bulk
    divided.process.kill()
    divided.process.wait()
    await asyncio.to_thread(psutil.wait_procs, [bulk], patience.SECONDS)
    assert not bulk.is_running()
