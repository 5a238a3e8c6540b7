"""Drills: each fault is caused, Prometheus itself looks at this process, and the alert for it fires and ends.

The rules are those of deploy/prometheus with their patience cut to seconds, and with as much less for what
takes as long to cause: an outbox of thousands, documents of a second.
"""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import httpx
import psutil
import pytest
import yaml
from aiokafka import TopicPartition
from prometheus_client import Gauge, start_http_server

from services.documents.makers import Makers
from services.documents.rendering.pool import RenderingFailed
from services.documents.senders import Sender
from services.invoicing.workers import measure_runs
from shared import clock, db, health, measuring, outgoing, setaside, telemetry
from shared.cloudevents import envelope_to_json
from shared.consumer import Consumer
from shared.contracts.envelope import Envelope
from shared.contracts.topics import Topic
from shared.db import Pool, Tx, in_transaction
from shared.ids import new_id
from shared.kafka import Kafka
from shared.service import Service, Worker
from shared.topics import create_topics
from tests import patience
from tests.batches import send_bytes
from tests.conftest import PoolFor
from tests.integration.plumbing.road import Road, good, send_raw, silently
from tests.integration.plumbing.test_lanes import Divided, dividing
from tests.integration.plumbing.test_setting_aside import odd_amounts
from tests.tools import tool

ROOT = Path(__file__).resolve().parents[3]
ROWS_OF_A_LARGE_OUTBOX = 1_000
# All there are, each caused below; ProcessMissing is for those that this configuration knows nothing of.
CAUSED = {
    "BatchesGivenBack",
    "BulkLaneEnds",
    "ConsumerBehind",
    "DeadLettersOpen",
    "HandlerBacksOff",
    "NoRelay",
    "OutboxLarge",
    "OutboxOld",
    "PartitionSetAside",
    "PartitionStuck",
    "PoolExhausted",
    "ProcessDown",
    "ProcessMissing",
    "ProviderFails",
    "RenderingFails",
    "RenderingSlow",
    "RequestsFail",
    "RequestsSlow",
    "RunFailedCustomers",
    "RunStandsStill",
    "WorkerFails",
}


def impatient(rules: str) -> str:
    """The same rules for a drill of seconds."""
    rules = re.sub(r"for: \d+m", "for: 1s", rules)
    rules = re.sub(r"\[\d+m\]", "[10s]", rules)
    rules = rules.replace('outcome="made"}[10s]))) > 10', 'outcome="made"}[10s]))) > 1')
    for patient, now in (
        ("offset 10m", "offset 5s"),
        ("(ispbills_lag_seconds) > 120", "(ispbills_lag_seconds) > 2"),
        ("> 60", "> 2"),
        (">= 100000", f">= {ROWS_OF_A_LARGE_OUTBOX}"),
        ("failures_total[10s])) > 5", "failures_total[10s])) > 0"),  # it fails each ten seconds by then
        ("restarts_total[10s])) > 3", "restarts_total[10s])) > 0"),  # it is started each ten seconds by then
    ):
        rules = rules.replace(patient, now)
    return rules


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
async def divided(road: Road, kafka: str) -> AsyncIterator[Divided]:
    """A service whose bulk lane is killed again and again; what the road hears is not its."""
    topic = f"{road.topic}-clerks"
    await create_topics(Kafka(kafka), [Topic(topic, partitions=1)])
    async with dividing(road, kafka, topic) as service:
        yield service


@pytest.fixture
def prometheus(tmp_path: Path, divided: Divided) -> Iterator[str]:
    """Prometheus' address; it looks at this process as `payments`, at the divided service as `projector`.

    It looks for another one at a port where nobody is.
    """
    ours, nobodys, its = free_port(), free_port(), free_port()
    (tmp_path / "alerts.yaml").write_text(impatient((ROOT / "deploy/prometheus/alerts.yaml").read_text()))
    jobs = {"payments": ours, "documents": nobodys, "projector": divided.port}
    configuration = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "500ms"},
        "rule_files": ["alerts.yaml"],
        "scrape_configs": [
            {"job_name": name, "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}
            for name, port in jobs.items()
        ],
    }
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(configuration))
    _forget_what_was_seen()
    server, thread = start_http_server(ours, "127.0.0.1")
    process = subprocess.Popen(
        [
            tool("prometheus"),
            f"--config.file={tmp_path / 'prometheus.yml'}",
            f"--storage.tsdb.path={tmp_path / 'data'}",
            f"--web.listen-address=127.0.0.1:{its}",
            "--log.level=warn",
        ],
        cwd=tmp_path,
    )
    try:
        yield f"http://127.0.0.1:{its}"
    finally:
        process.kill()
        process.wait()
        server.shutdown()
        thread.join()


def _forget_what_was_seen() -> None:
    """Clear what was seen last: a process has one life and one schema, this one those of all tests."""
    for gauge in vars(telemetry).values():
        if isinstance(gauge, Gauge):
            gauge.clear()


async def firing(prometheus: str) -> set[str]:
    async with httpx.AsyncClient(base_url=prometheus) as client:
        try:
            answer = await client.get("/api/v1/alerts")
        except httpx.TransportError:
            return set()  # it is about to start
    alerts = answer.json()["data"]["alerts"] if answer.status_code == 200 else []
    return {each["labels"]["alertname"] for each in alerts if each["state"] == "firing"}


async def until(holds: Callable[[], Awaitable[set[str]]]) -> None:
    """Wait until nothing is missing."""
    missing: set[str] = set()
    try:
        async with asyncio.timeout(patience.SECONDS):
            while missing := await holds():
                await asyncio.sleep(0.5)
    except TimeoutError:
        raise AssertionError(f"not in {patience.SECONDS} s: {missing}") from None


@asynccontextmanager
async def again_and_again(do: Callable[[], Awaitable[Any]]) -> AsyncIterator[None]:
    async def repeat() -> None:
        while True:
            await do()
            await asyncio.sleep(0.05)

    task = asyncio.create_task(repeat())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Faults:
    """What fails for as long as it is told to."""

    last = True

    async def fail(self, _pool: Pool) -> bool:
        if self.last:
            raise ValueError("on purpose")
        return False

    async def back_off(self, _messages: Any, _tx: Tx) -> None:
        if self.last:
            raise TimeoutError("on purpose")

    def lose_records(self, consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> None:
        """A fault of ours: a handled batch whose records nobody accounts for."""

        async def lose(records: Any) -> list[Any]:
            return [] if self.last else list(records)

        monkeypatch.setattr(consumer, "handle", lose)
        monkeypatch.setattr(consumer, "give_up", lambda _reason: None)


async def ask(method: str, status: int, seconds: float) -> None:
    """A request to a service's pages, of which one fails, or keeps its reader waiting."""

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        scope["path_template"] = "/drill"
        await asyncio.sleep(seconds)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = health.app_for(Service("drill", NO_SETTINGS), inner, lambda: None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://drill") as client:
        await client.request(method, "/drill")


class _NoSettings:
    metrics_port = None


NO_SETTINGS: Any = _NoSettings()


async def call_a_provider() -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(503, stream=httpx.ByteStream(b"")))
    async with httpx.AsyncClient(transport=transport) as client:
        await outgoing.send(client, client.build_request("POST", "https://sms.example.org/send"))


async def end_bulk_lane(divided: Divided) -> None:
    """Kill the bulk lane, if it lives at this moment."""
    for lane in divided.service.children():
        with suppress(psutil.NoSuchProcess):
            lane.kill()


class _Unmakable:
    """Rendering processes that take their time and come to nothing."""

    async def make(self, _claimed: Any) -> Any:
        await asyncio.sleep(1.5)
        raise RenderingFailed("render-failed", "on purpose")


async def render(documents: Pool) -> None:
    """Put receipts in line, and have each made by a sender of its own."""
    receipt = {"bulk_action_id": None, "position": 0, "payment_id": str(new_id())}
    whose = {"customer_id": str(new_id()), "operator_id": str(new_id())}
    envelope = envelope_to_json(Envelope(new_id(), "documents.render.v1", "drill", clock.now()))
    senders = [Sender(cast(Makers, _Unmakable()), new_id()) for _ in range(4)]
    await documents.executemany(
        PUT_IN_LINE, [(new_id(), envelope, {**receipt, "customer": whose}) for _ in senders]
    )
    await asyncio.gather(*(sender.step(documents) for sender in senders))


async def pause_what_is_read(consumer: Consumer, kafka: str) -> None:
    """A fetcher that brings nothing any more, as one does that was forgotten in a rebalance."""
    while (reader := consumer._subscriber.consumer) is None or not reader.assignment():
        await asyncio.sleep(0.1)
    reader.pause(*reader.assignment())
    (topic,) = consumer.subscription.topics
    await send_raw(kafka, topic, [good(4, topic)])
    await asyncio.sleep(2)


PUT_IN_LINE = """
    INSERT INTO rendering (document_id, kind, command_id, envelope, command, lane, position, not_before,
                           give_up_at)
    VALUES ($1, 'receipt', $1, $2, $3, 0, 0, now(), now() + interval '1 hour')
"""
# It has failed customers, and no replica works at it.
OPEN_A_RUN = """
    INSERT INTO run (id, kind, state, period, dry_run, joined_by, currency, expected, created, failed,
                     requested_by, started_at, said_at)
    VALUES (uuidv7(), 'requested', 'running', '2026-11', false, '2026-11-01', 'BDT', 9, 3, 2, 'drill', $1, $1)
"""
FILL_THE_OUTBOX = """
    INSERT INTO outbox (lane, topic, key, message_id, type, payload, occurred_at)
    SELECT 1, 'drill', 'k', uuidv7(), 'drill.v1', '{}', now() FROM generate_series(1, $1::integer)
"""


async def test_each_fault_fires_its_alert_and_the_alert_ends_with_it(
    road: Road,
    kafka: str,
    divided: Divided,
    prometheus: str,
    pool_for: PoolFor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measuring, "EVERY_SECONDS", 0.3)
    monkeypatch.setattr("shared.service.WATCHDOG_SECONDS", 0.3)
    monkeypatch.setattr("shared.service.end_process", lambda _reason: None)
    monkeypatch.setattr("shared.consumer.STUCK_AFTER_SECONDS", 1.0)
    documents, invoicing = await pool_for("documents"), await pool_for("invoicing")
    topics = {name: f"{road.topic}-{name}" for name in ("slow", "lost", "odd", "still")}
    await create_topics(Kafka(kafka), [Topic(topic, partitions=1) for topic in topics.values()])
    await road.pool.execute(
        "INSERT INTO relay_lease VALUES ('outbox', $1, clock_timestamp() + interval '1 hour')", new_id()
    )
    faults, subscription = Faults(), road.subscription()
    slow = replace(
        subscription,
        name="slow",
        topics=(topics["slow"],),
        handlers=dict.fromkeys(subscription.handlers, faults.back_off),
    )
    lost, odd, still = (
        replace(subscription, name=name, topics=(topics[name],)) for name in ("lost", "odd", "still")
    )

    async def measure(_pool: Pool) -> bool:
        return await measure_runs(invoicing)

    runs = Worker("run measures", measure, 0.3)
    service = Service(
        "notifications",
        road.settings,
        subscriptions=[subscription, slow, lost, odd, still],
        workers=[Worker("fails", faults.fail, 0.01), runs],
        report=silently,
    )
    crowded = await db.open_pool(
        road.settings.database_url, schema="notifications", application_name="drill", max_size=1
    )

    async def crowd() -> None:
        async def hold() -> None:
            async with in_transaction(crowded):
                await asyncio.sleep(0.8)

        await asyncio.gather(*(hold() for _ in range(4)))

    async with service.running():
        faults.lose_records(
            next(each for each in service.consumers if each.subscription is lost), monkeypatch
        )
        await send_raw(kafka, road.topic, [(b"not json", [("ce_type", b"counted.v1")])])
        await send_raw(kafka, topics["slow"], [good(1, road.topic)])
        await send_raw(kafka, topics["lost"], [good(1, road.topic)])
        await send_bytes(kafka, topics["odd"], odd_amounts(road.topic, [2]))
        paused = next(each for each in service.consumers if each.subscription is still)
        await road.say([1])
        await road.pool.execute(FILL_THE_OUTBOX, ROWS_OF_A_LARGE_OUTBOX)
        await invoicing.execute(OPEN_A_RUN, clock.now())
        async with (
            again_and_again(crowd),
            again_and_again(lambda: pause_what_is_read(paused, kafka)),
            again_and_again(call_a_provider),
            again_and_again(lambda: ask("POST", 500, 0.0)),
            again_and_again(lambda: ask("GET", 200, 1.5)),
            again_and_again(lambda: render(documents)),
            again_and_again(lambda: end_bulk_lane(divided)),
        ):
            fired: set[str] = set()
            await until(lambda: still_missing(prometheus, fired))
        faults.last = False
        await asyncio.sleep(6)  # the longest pause between two tries
    await road.pool.execute("DELETE FROM relay_lease")
    await road.pool.execute("UPDATE dead_letter SET closed_at = now(), outcome = 'discarded'")
    await road.pool.execute("DELETE FROM outbox WHERE type = 'drill.v1'")
    await invoicing.execute("UPDATE run SET state = 'completed', failed = 0")
    async with in_transaction(road.pool) as tx:
        await setaside.step_over(tx, TopicPartition(topics["odd"], 0))
    await crowded.close()
    _forget_what_was_seen()  # as a process that is started again begins
    well = Service(
        "notifications",
        road.settings,
        subscriptions=[subscription, replace(slow, handlers=subscription.handlers), odd, still],
        workers=[runs],
        report=silently,
    )
    async with well.running():
        await until(lambda: still_firing(prometheus))


async def still_missing(prometheus: str, fired: set[str]) -> set[str]:
    """Each has to fire once, not all of them in one moment."""
    fired |= await firing(prometheus)
    return CAUSED - fired


async def still_firing(prometheus: str) -> set[str]:
    return await firing(prometheus) - {"ProcessDown", "ProcessMissing"}
