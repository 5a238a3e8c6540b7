"""The relay: takes the outbox to Kafka, in order, and forgets a row only when it is acknowledged.

One leader per schema, by a lease of 10 s, so that a frozen one does not block the rest; what a leader sends
twice after it wakes is recognised by its readers. NOTIFY wakes it; each lane scans on from its last id, and
from the start once a second, because a slow transaction commits rows behind ids that were already sent.
"""

from __future__ import annotations

import asyncio
import time
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaConnectionError

from shared import db, tracing
from shared.cloudevents import headers_for
from shared.db import Connection, statements
from shared.ids import new_id
from shared.kafka import Kafka
from shared.outbox import BULK, INTERACTIVE
from shared.telemetry import LEADING, SENT
from shared.waiting import happens

log = structlog.get_logger()

RENEW_SECONDS = 2.0
RESCAN_SECONDS = 1.0
PAUSE_SECONDS = 1.0
# A topic that is being made is there within seconds; one that nobody makes is asked for less and less.
FIRST_MISSING_SECONDS, LONGEST_MISSING_SECONDS = 0.5, 10.0
LANE_ROWS = {INTERACTIVE: 500, BULK: 4_000}
# Rows have up to 900 KB each: 4,000 of those would be 3.6 GB in memory, thrice.
LANE_BYTES = {INTERACTIVE: 2_000_000, BULK: 8_000_000}

KeyedRecord: TypeAlias = tuple[bytes, bytes, list[tuple[str, bytes]]]

_queries = statements(__file__)


@dataclass(frozen=True, slots=True)
class _Missing:
    """A topic that is not there, and when to ask for it again."""

    until: float
    pause: float


@dataclass
class Relay:
    """Lanes of one schema's outbox; `run` never returns, it starts over after every failure."""

    service: str
    database_url: str
    schema: str
    kafka: Kafka
    lanes: Sequence[int] = (INTERACTIVE, BULK)
    holder: UUID = field(default_factory=new_id)
    leading: bool = field(default=False, init=False)
    _missing: dict[str, _Missing] = field(default_factory=dict)
    _wake: dict[int, asyncio.Event] = field(
        default_factory=lambda: {INTERACTIVE: asyncio.Event(), BULK: asyncio.Event()}
    )

    async def run(self) -> None:
        """Lead, or wait to lead, until cancelled."""
        self._note(leading=False)
        while True:
            try:
                await self._lead()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("relay starts over", service=self.service, error=repr(error))
            self._note(leading=False)
            await asyncio.sleep(PAUSE_SECONDS)

    def _note(self, *, leading: bool) -> None:
        self.leading = leading
        LEADING.labels(self.schema).set(int(leading))

    async def _lead(self) -> None:
        connection = await self._connect()
        try:
            while not await self._take_lease(connection):
                await asyncio.sleep(PAUSE_SECONDS)
            self._note(leading=True)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._keep_lease(connection))
                for lane in self.lanes:
                    tasks.create_task(self._drain_lane(lane))
        finally:
            await self._give_back(connection)

    async def _connect(self) -> Connection:
        settings = db.session_settings(self.schema, f"{self.service}-relay")
        return await asyncpg.connect(self.database_url, server_settings=settings, command_timeout=30)

    async def _take_lease(self, connection: Connection) -> bool:
        return bool(await _queries.take_lease(connection, name=self._lease, holder=self.holder))

    @property
    def _lease(self) -> str:
        """Whoever takes clerks' messages also keeps off those who take all, as replicas of before do."""
        return "outbox" if INTERACTIVE in self.lanes else "outbox-bulk"

    async def _keep_lease(self, connection: Connection) -> None:
        """Renew the lease and listen on the same connection: when it dies, so does leadership."""

        def wake(*_: object) -> None:
            for event in self._wake.values():
                event.set()

        await connection.add_listener(f"{self.schema}_outbox", wake)
        while await self._take_lease(connection):
            await asyncio.sleep(RENEW_SECONDS)
        raise LeaseLost(self.service)

    async def _give_back(self, connection: Connection) -> None:
        """Let the next leader in at once; a dead connection leaves that to the lease's end."""
        try:
            await _queries.release_lease(connection, name=self._lease, holder=self.holder)
            await connection.close(timeout=2)
        except db.FAILURES as error:
            log.info("lease runs out by itself", schema=self.schema, error=repr(error))
            connection.terminate()

    async def _drain_lane(self, lane: int) -> None:
        producer = AIOKafkaProducer(
            **self.kafka.aiokafka(),
            client_id=f"{self.service}-relay-{lane}",
            acks="all",
            enable_idempotence=True,
            max_batch_size=512 * 1024,
            max_request_size=4 * 1024 * 1024,
            request_timeout_ms=15_000,
        )
        connection = await self._connect()
        try:
            await producer.start()
            await self._send_for_ever(lane, producer, connection)
        finally:
            async with asyncio.timeout(10):
                await asyncio.gather(producer.stop(), return_exceptions=True)
            await connection.close(timeout=2)

    async def _send_for_ever(self, lane: int, producer: AIOKafkaProducer, connection: Connection) -> None:
        last, rescan_at = 0, 0.0
        while True:
            if time.monotonic() >= rescan_at:
                last, rescan_at = 0, time.monotonic() + RESCAN_SECONDS
            self._wake[lane].clear()
            if waiting := await self._waiting(connection, lane, last):
                sendable = await self._with_topic(producer, waiting)
                await self._send(lane, producer, sendable)
                await _queries.forget_sent(connection, lane=lane, ids=[row["id"] for row in sendable])
                last = waiting[-1]["id"]
            else:
                await happens(self._wake[lane], max(rescan_at - time.monotonic(), 0.001))

    async def _waiting(self, connection: Connection, lane: int, after: int) -> list[Any]:
        now = time.monotonic()
        rows = _queries.waiting(
            connection,
            lane=lane,
            after=after,
            missing=[topic for topic, each in self._missing.items() if each.until > now],
            most=LANE_ROWS[lane],
            most_bytes=LANE_BYTES[lane],
        )
        return [row async for row in rows]

    async def _with_topic(self, producer: AIOKafkaProducer, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows that can go; one whose topic does not exist stays, and holds up nobody behind it.

        One look at the broker's topics, where the producer would ask for as long as a request may take.
        """
        topics = {row["topic"] for row in rows}
        client = producer.client
        await _look_for(client, topics)
        for topic in topics:
            if topic in client.cluster.topics():
                self._missing.pop(topic, None)
            else:
                pause = self._missing[topic].pause * 1.5 if topic in self._missing else FIRST_MISSING_SECONDS
                pause = min(pause, LONGEST_MISSING_SECONDS)
                self._missing[topic] = _Missing(time.monotonic() + pause, pause)
                log.error("no such topic, or no right to it", topic=topic, service=self.service, pause=pause)
        return [row for row in rows if row["topic"] not in self._missing]

    async def _send(self, lane: int, producer: AIOKafkaProducer, rows: Sequence[Any]) -> None:
        """Send rows as one batch a partition, in their order; returns when Kafka has acknowledged all."""
        source, lane_text = f"/{self.service}".encode(), str(lane).encode()
        topics = {row["topic"] for row in rows}
        counts = {topic: len(await producer.partitions_for(topic)) for topic in topics}
        records: dict[tuple[str, int], list[KeyedRecord]] = defaultdict(list)
        for row in rows:
            key = row["key"].encode()
            place = row["topic"], zlib.crc32(key) % counts[row["topic"]]
            records[place].append((key, row["payload"].encode(), headers_for(row, source, lane_text)))
        async with asyncio.TaskGroup() as sending:
            for place, keyed in records.items():
                sending.create_task(_send_in_order(producer, *place, keyed))
        SENT.labels(str(lane)).inc(len(rows))
        if lane == INTERACTIVE and tracing.is_on():
            for row in rows:
                if row["traceparent"]:
                    tracing.note_sent(row["topic"], row["traceparent"], row["occurred_at"].timestamp())


async def _look_for(client: AIOKafkaClient, topics: set[str]) -> None:
    """Ask the broker for topics it has not told of."""
    unknown = topics - client.cluster.topics()
    for topic in unknown:
        client.add_topic(topic)
    if unknown and not await client.force_metadata_update():
        raise KafkaConnectionError("Kafka is away, which says nothing about its topics")


async def _send_in_order(
    producer: AIOKafkaProducer, topic: str, partition: int, records: Sequence[KeyedRecord]
) -> None:
    """One partition's records: whole batches cost half of what a future for each record does."""
    acknowledged = []
    batch = producer.create_batch()
    for key, value, headers in records:
        if batch.append(key=key, value=value, headers=headers, timestamp=None) is None:
            acknowledged.append(await producer.send_batch(batch, topic, partition=partition))
            batch = producer.create_batch()
            batch.append(key=key, value=value, headers=headers, timestamp=None)
    acknowledged.append(await producer.send_batch(batch, topic, partition=partition))
    await asyncio.gather(*acknowledged)


class LeaseLost(RuntimeError):
    """Another process leads now."""
