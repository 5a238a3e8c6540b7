"""A running service: pool, consumers, relay and workers, with health and metrics over HTTP.

A service that hears in bulk is two processes: its own, and a niced one beside it (`shared.lanes`). Ready
means: the database answers and, for a service that consumes, Kafka was reached. A service keeps trying for as
long as either is away.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, TypeAlias

import structlog
import uvicorn
import uvloop
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from prometheus_client import REGISTRY, CollectorRegistry, start_http_server

from shared import db, health, lanes, measuring, memory, reporting
from shared.activity import Activity
from shared.broken_connections import expect_closed_transports
from shared.consumer import Consumer, Subscription, end_process
from shared.db import Pool
from shared.http_server import LimitedProtocol, until_stopped
from shared.lanes import BulkLane, Lane
from shared.outbox import BULK, INTERACTIVE
from shared.relay import Relay
from shared.retention import Kept, forget, measure
from shared.settings import ServiceSettings
from shared.telemetry import WORKER_FAILURES, configure_logging
from shared.tracing import configure_tracing, stop_tracing

log = structlog.get_logger()

Step: TypeAlias = Callable[[Pool], Awaitable[bool]]
AsgiApp: TypeAlias = Callable[..., Awaitable[None]]

WATCHDOG_SECONDS = 15.0
# Longer than clients and proxies keep theirs (5 to 60 s): else one writes into a connection that is closing.
IDLE_CONNECTION_SECONDS = 75
STOP_SECONDS = 12.0
BULK_POOL_SIZE = 4
# How often every consumer asks Kafka for its topics: soon where a new partner's may be one of them, seldom
# where `migrate` has made them all.
NEW_TOPICS_MS, KNOWN_TOPICS_MS = 3_000, 15_000
_OUTBOX_LANES = {
    Lane.ALL: (INTERACTIVE, BULK),
    Lane.INTERACTIVE: (INTERACTIVE,),
    Lane.BULK: (BULK,),
}


@dataclass(frozen=True)
class Worker:
    """A loop beside the consumers: `step` answers True while there is more to do.

    Where nothing happens for ten seconds it rests for two, unless its pause is longer (`shared.activity`).
    """

    name: str
    step: Step
    pause_seconds: float = 1.0


@dataclass
class Service:
    """The parts of a service.

    `http` builds its own pages and routes, where it has any; `kept` says how long its rows stay. `lane` is
    what this process carries of it: without `divide`, everything.
    """

    name: str
    settings: ServiceSettings
    subscriptions: Sequence[Subscription] = ()
    workers: Sequence[Worker] = ()
    http: Callable[[Service], AsgiApp] | None = None
    schema: str | None = None
    relay: bool = True
    needs_kafka: bool = True
    on_start: Sequence[Callable[[Pool], Awaitable[None]]] = ()
    kept: Sequence[Kept] = ()
    report: reporting.Report = reporting.say
    pool: Pool = field(init=False)
    activity: Activity = field(init=False, default_factory=Activity)
    lane: Lane = field(init=False, default=Lane.ALL)
    bulk: BulkLane | None = field(init=False, default=None)
    consuming: bool = field(init=False, default=False)
    started: bool = field(init=False, default=False)
    consumers: list[Consumer] = field(init=False, default_factory=list)
    at_relay: Relay | None = field(init=False, default=None)

    def divide(self, lane: Lane) -> None:
        """Carry a part of the service here: its bulk, or the rest with the bulk in a process beside it."""
        if any(each.is_bulk for each in self.subscriptions):
            self.lane = lane
            self.bulk = BulkLane() if lane is Lane.INTERACTIVE else None

    @property
    def _name(self) -> str:
        return f"{self.name}-bulk" if self.lane is Lane.BULK else self.name

    @property
    def _heard(self) -> list[Subscription]:
        """The subscriptions of this process."""
        if self.lane is Lane.ALL:
            return list(self.subscriptions)
        return [each for each in self.subscriptions if each.is_bulk is (self.lane is Lane.BULK)]

    def _consumer(self, subscription: Subscription) -> Consumer:
        return Consumer(
            self.name,
            subscription,
            self.pool,
            on_handled=self.activity.note if subscription.wakes_workers else lambda: None,
            kafka_answers=self.settings.kafka.answers,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything of this process at work while the context lasts."""
        keeping = asyncio.create_task(self.bulk.keep()) if self.bulk else None
        self.pool = await _patiently(self._open_pool)
        if self.lane is not Lane.BULK:
            for prepare in self.on_start:
                await prepare(self.pool)
        broker = self._broker()
        self.consumers = [self._consumer(subscription) for subscription in self._heard]
        for consumer in self.consumers:
            consumer.attach(broker)
        tasks = self._begin(broker)
        self.started = True
        try:
            yield
        finally:
            stopping = asyncio.create_task(self.bulk.stop()) if self.bulk else None
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            async with asyncio.timeout(10):
                await broker.stop()
            async with asyncio.timeout(10):
                await self.pool.close()
            if stopping and keeping:
                await stopping
                keeping.cancel()

    def _broker(self) -> KafkaBroker:
        has_pattern = any(each.pattern for each in self._heard)
        return KafkaBroker(
            **self.settings.kafka.faststream(),
            logger=None,
            metadata_max_age_ms=NEW_TOPICS_MS if has_pattern else KNOWN_TOPICS_MS,
            consumer_only=True,
            client_id=self._name,
        )

    def _begin(self, broker: KafkaBroker) -> list[asyncio.Task[None]]:
        """Let consumers, workers and the relay of this process work, each a task."""
        tasks = [asyncio.create_task(self._consume(broker)), asyncio.create_task(_watch(self.consumers))]
        workers = [*(() if self.lane is Lane.BULK else self.workers), *self._housekeeping()]
        tasks += [asyncio.create_task(_work(worker, self.pool, self.activity)) for worker in workers]
        if self.relay:
            self.at_relay = self._open_relay()
            tasks.append(asyncio.create_task(self.at_relay.run()))
        return tasks

    async def _open_pool(self) -> Pool:
        most = self.settings.pool_max_size
        return await db.open_pool(
            self.settings.database_url,
            schema=self.schema or self.name,
            application_name=self._name,
            max_size=min(most, BULK_POOL_SIZE) if self.lane is Lane.BULK else most,
            statement_cache_size=self.settings.statement_cache_size,
        )

    def _open_relay(self) -> Relay:
        schema, url = self.schema or self.name, self.settings.listening_url
        return Relay(self.name, url, schema, self.settings.kafka, lanes=_OUTBOX_LANES[self.lane])

    def _housekeeping(self) -> list[Worker]:
        """Forget what is past its term each hour; show what an on-call engineer asks for."""
        is_bulk = self.lane is Lane.BULK
        show = measuring.measure(self.schema or self.name, has_outbox=self.relay and not is_bulk)
        every = measuring.EVERY_SECONDS
        work = [
            Worker("measures", show, every),
            Worker("lag", measuring.measure_lag(self.consumers), every),
            Worker("report", reporting.reporting(self, self.report), reporting.EVERY_SECONDS),
        ]
        if self.kept and not is_bulk:
            work += [Worker("forget", forget(self.kept), 3_600), Worker("table sizes", measure, 60)]
        return work

    async def _consume(self, broker: KafkaBroker) -> None:
        if self._heard:
            await _patiently(broker.start)
        self.consuming = True

    async def is_ready(self) -> bool:
        """Whether requests and messages are being handled, in the bulk lane as well."""
        if not self.started or (self.needs_kafka and not self.consuming):
            return False
        if self.bulk and not self.bulk.has_been_ready:
            return False
        try:
            async with asyncio.timeout(2):
                await self.pool.fetchval("SELECT 1")
        except (TimeoutError, *db.TRANSIENT):
            return False
        return True

    @property
    def is_bulk(self) -> bool:
        """Whether this process is the bulk lane of its service."""
        return self.lane is Lane.BULK

    @property
    def is_leading(self) -> bool:
        """Whether this process takes the outbox of its schema to Kafka."""
        return self.at_relay is not None and self.at_relay.leading

    def troubles(self) -> list[dict[str, Any]]:
        """The partitions that stand still here or in the bulk lane: which, since when and why."""
        here = [trouble for consumer in self.consumers for trouble in consumer.troubles()]
        return here + (self.bulk.report.troubles if self.bulk else [])

    @property
    def metrics(self) -> CollectorRegistry:
        """The metrics of this process, and of its bulk lane."""
        return lanes.Registry(self.bulk) if self.bulk else REGISTRY


async def _patiently(start: Callable[[], Awaitable[Any]]) -> Any:
    """Try until it works: what a service stands on may come up after it."""
    while True:
        try:
            return await start()
        except (*db.TRANSIENT, KafkaError) as error:
            log.warning("waiting", error=repr(error))
            await asyncio.sleep(1)


async def _work(worker: Worker, pool: Pool, activity: Activity) -> None:
    pause, worked_at = worker.pause_seconds, time.monotonic()
    while True:
        try:
            more = await worker.step(pool)
            pause = worker.pause_seconds
        except Exception as error:
            WORKER_FAILURES.labels(worker.name).inc()
            log.exception("worker failed", worker=worker.name, error=repr(error))
            more, pause = False, min(max(pause, 0.1) * 2, 10)
        structlog.contextvars.unbind_contextvars("command", "operator")
        if more:
            worked_at = time.monotonic()
        else:
            await activity.rest(pause, worked_at)


async def _watch(consumers: Sequence[Consumer]) -> None:
    """End the process when a consumer is stuck; whoever supervises it starts a fresh one."""
    while True:
        await asyncio.sleep(WATCHDOG_SECONDS)
        for consumer in consumers:
            if await consumer.is_stuck():
                name = consumer.subscription.name
                log.critical("consumer is stuck", subscription=name, partitions=consumer.troubles())
                end_process(f"{name} is stuck")


def _end_for_sure() -> None:
    """Stopping must not wait for stores that are gone; what is cut off here is done again elsewhere."""
    deadline = threading.Timer(STOP_SECONDS, os._exit, args=(1,))
    deadline.daemon = True
    deadline.start()


def serve(service: Service, port: int | None = None) -> None:
    """Run a service until it is told to stop (SIGTERM, Ctrl-C)."""
    configure_logging(service.name)
    configure_tracing(service.name)
    memory.collect_garbage_rarely()
    memory.give_back_large_pieces()
    expect_closed_transports()
    if lanes.is_bulk_process():
        service.divide(Lane.BULK)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve_bulk(service, lanes.take_output()))
        stop_tracing()
        return
    service.divide(Lane.INTERACTIVE)
    if service.settings.metrics_port is not None:
        start_http_server(service.settings.metrics_port, service.settings.http_host, service.metrics)
    server = _Server(_http_config(service, service.settings.http_port if port is None else port))
    server.run()
    if not server.started:
        sys.exit(1)


def _http_config(service: Service, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        health.app_for(
            service, until_stopped(service.http(service)) if service.http else None, _end_for_sure
        ),
        host=service.settings.http_host,
        port=port,
        http=LimitedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # else anybody on this machine could say that they come from elsewhere
        timeout_keep_alive=IDLE_CONNECTION_SECONDS,
        timeout_graceful_shutdown=5,
        lifespan="on",
    )


async def _serve_bulk(service: Service, out: int) -> None:
    """Be the bulk lane until told to stop, or until the service is gone."""
    os.nice(lanes.NICE)
    structlog.contextvars.bind_contextvars(part=Lane.BULK.value)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    lanes.on_end_of_input(loop, stop.set)
    serving = asyncio.create_task(_run_bulk(service, out, stop))
    told = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
    _end_for_sure()
    if not service.started:
        serving.cancel()  # it may wait for a store for ever
    with suppress(asyncio.CancelledError):
        await serving


async def _run_bulk(service: Service, out: int, stop: asyncio.Event) -> None:
    async with service.running():
        reporting = asyncio.create_task(lanes.report_for_ever(service.is_ready, service.troubles, out))
        await stop.wait()
        reporting.cancel()


class _Server(uvicorn.Server):
    """Ends at once when it is told to stop before it has started: it may wait for a store for ever."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Die of the signal, as who supervises expects; else stop in good order."""
        if not self.started:
            signal.signal(sig, signal.SIG_DFL)
            os.kill(os.getpid(), sig)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop in good order; afterwards the signal that asked for it ends the process."""
        await super().shutdown(sockets)
        await asyncio.to_thread(stop_tracing)
