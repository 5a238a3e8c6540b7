"""The batch consumer: records of Kafka in, one transaction a batch, offsets last.

A FastStream subscriber brings batches; everything that loses messages by default is set here. A record
that cannot be handled is parked alone, as a dead letter of the same transaction; what will pass by itself
backs off in place, with its partition behind it.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from shared import clock, deadletters, outbox
from shared.cloudevents import Poison, read_binary, readable_id
from shared.contracts.envelope import CommandRefused, Envelope, Message, Received
from shared.db import TRANSIENT, Pool, Tx, in_transaction, will_pass
from shared.outbox import Said
from shared.telemetry import BACKOFFS, BATCH_SECONDS, LAG, RECORDS, enter_trace

log = structlog.get_logger()

Record: TypeAlias = "ConsumerRecord[bytes | None, bytes | None]"
Handler: TypeAlias = Callable[[Sequence[Received[Any]], Tx], Awaitable[None]]
Read: TypeAlias = Callable[[Record], Received[Any] | None]
OnParked: TypeAlias = Callable[[Tx, Record, str], Awaitable[None]]

DAY_MS = 86_400_000
PROMPT_MS = 100  # the `wait_ms` of subscriptions that answer a person
QUIET_MS = 5_000
STUCK_AFTER_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 5.0


@dataclass(frozen=True)
class Subscription:
    """What a service hears: topics (or a pattern of them) and a handler for each type of message.

    A record is fetched as soon as it is there. Only behind a batch that takes longer than 100 ms may it wait
    for up to `wait_ms`: short where a person waits for the answer, longer elsewhere, because every look at a
    quiet topic costs the broker and us some work (at 20 ms an idle stack kept a core at four fifths).
    `read` turns a record into a message, None for a type that is passed over, or raises `Poison`.
    `on_parked` says something beside a dead letter, in its transaction.
    """

    name: str
    handlers: Mapping[type[Message], Handler]
    topics: tuple[str, ...] = ()
    pattern: str | None = None
    max_records: int = 1_000
    wait_ms: int = 500
    read: Read | None = None
    on_parked: OnParked | None = None


def refuse_command(service: str) -> OnParked:
    """Every command ends: one that became a dead letter is refused as `internal`."""

    async def refuse(tx: Tx, record: Record, reason: str) -> None:
        command_id = readable_id(record)
        if command_id is None:
            return
        refusal = CommandRefused(
            service=service, code="internal", detail=reason[:500].replace("\x00", ""), subject=str(command_id)
        )
        await outbox.say(tx, [Said(refusal, because=_bare_envelope(command_id, refusal))])

    return refuse


def _bare_envelope(command_id: UUID, refusal: CommandRefused) -> Envelope:
    return Envelope(id=command_id, type=refusal.type, source="unreadable", time=clock.now())


@dataclass
class Consumer:
    """One subscription at work: reads, hands over, parks, commits; knows whether it is stuck."""

    service: str
    subscription: Subscription
    pool: Pool
    _last_arrival: float = field(default_factory=time.monotonic)
    _busy: bool = False
    _was_behind: bool = False
    _subscriber: Any = None

    def attach(self, broker: KafkaBroker) -> None:
        """Join the group when the broker starts."""
        subscription = self.subscription
        self._subscriber = broker.subscriber(
            *subscription.topics,
            pattern=subscription.pattern,
            batch=True,
            group_id=f"{self.service}.{subscription.name}",
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            max_poll_interval_ms=DAY_MS,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
            fetch_max_wait_ms=subscription.wait_ms,
            max_partition_fetch_bytes=4 * 1024 * 1024,
            parser=_parse_without_headers,
            decoder=_leave_raw,
            no_reply=True,
        )
        self._subscriber.get_msg = self._next_batch
        self._subscriber(self._consume)

    async def _next_batch(self, consumer: AIOKafkaConsumer) -> tuple[Record, ...]:
        """What is there, as soon as it is: FastStream's own sleeps after every empty look."""
        found = await consumer.getmany(timeout_ms=QUIET_MS, max_records=self.subscription.max_records)
        return tuple(itertools.chain.from_iterable(found.values()))

    async def _consume(self, message: KafkaMessage) -> None:
        records = message.raw_message
        assert isinstance(records, tuple)
        self._busy, self._last_arrival = True, time.monotonic()
        try:
            with BATCH_SECONDS.labels(self.subscription.name).time():
                await self.handle(records)
            await self._commit(records)
        finally:
            self._busy, self._last_arrival = False, time.monotonic()

    async def handle(self, records: Sequence[Record]) -> None:
        """Handle a batch, however long passing failures last; returns once every record has left."""
        for attempt in itertools.count():
            try:
                await self._handle_once(records)
                return
            except TRANSIENT as error:
                BACKOFFS.labels(self.subscription.name).inc()
                pause = min(0.05 * 2 ** min(attempt, 10), LONGEST_PAUSE_SECONDS)
                log.warning(
                    "batch backs off", subscription=self.subscription.name, error=repr(error), pause=pause
                )
                await asyncio.sleep(pause)

    async def _handle_once(self, records: Sequence[Record]) -> None:
        readable, poison = self._read_all(records)
        try:
            async with in_transaction(self.pool) as tx:
                await self._park_all(tx, poison)
                await self._dispatch(tx, [message for _, message in readable])
        except Exception as error:
            if will_pass(error):
                raise
            log.warning("batch is replayed", subscription=self.subscription.name, error=repr(error))
            await self._replay(readable, poison)
        RECORDS.labels(self.subscription.name, "handled").inc(len(readable))
        RECORDS.labels(self.subscription.name, "parked").inc(len(poison))

    def _read_all(
        self, records: Sequence[Record]
    ) -> tuple[list[tuple[Record, Received[Any]]], list[tuple[Record, str]]]:
        """Split a batch into what can be read and what cannot; unknown types are counted and passed."""
        read = self.subscription.read or read_binary(self.subscription.handlers)
        readable: list[tuple[Record, Received[Any]]] = []
        poison: list[tuple[Record, str]] = []
        for record in records:
            try:
                message = read(record)
            except Poison as reason:
                poison.append((record, str(reason)))
            else:
                if message is None:
                    RECORDS.labels(self.subscription.name, "passed").inc()
                else:
                    readable.append((record, message))
        return readable, poison

    async def _dispatch(self, tx: Tx, messages: Sequence[Received[Any]]) -> None:
        if messages:
            enter_trace(messages[0].envelope.traceparent)
        handlers = self.subscription.handlers
        for handle, run in itertools.groupby(messages, key=lambda message: handlers[type(message.data)]):
            await handle(list(run), tx)

    async def _park_all(self, tx: Tx, poison: Sequence[tuple[Record, str]]) -> None:
        for record, reason in poison:
            place = f"{record.topic}[{record.partition}]@{record.offset}"
            log.error("record parked", subscription=self.subscription.name, reason=reason, place=place)
            await deadletters.park(tx, record, self.subscription.name, reason)
            if self.subscription.on_parked:
                await self.subscription.on_parked(tx, record, reason)

    async def _replay(
        self, readable: Sequence[tuple[Record, Received[Any]]], poison: Sequence[tuple[Record, str]]
    ) -> None:
        """One record after another, each in a savepoint: only the culprit is parked."""
        async with in_transaction(self.pool) as tx:
            await self._park_all(tx, poison)
            for record, message in readable:
                try:
                    async with tx.transaction():
                        await self._dispatch(tx, [message])
                except Exception as error:
                    if will_pass(error):
                        raise
                    log.exception("record fails alone", subscription=self.subscription.name)
                    await self._park_all(tx, [(record, f"{type(error).__name__}: {error}")])

    async def _commit(self, records: Sequence[Record]) -> None:
        """Commit what was handled; a failure only means that the next owner does the batch again."""
        ends: dict[TopicPartition, int] = {}
        for record in records:
            ends[TopicPartition(record.topic, record.partition)] = record.offset + 1
        consumer = self._subscriber.consumer
        if consumer is None:
            return
        try:
            owned = consumer.assignment()
            if ends := {place: end for place, end in ends.items() if place in owned}:
                await consumer.commit(ends)
        except Exception as error:
            log.warning("offsets not committed", subscription=self.subscription.name, error=repr(error))

    async def lag(self) -> int:
        """Records between what was handled and the end of the assigned partitions."""
        consumer = self._subscriber.consumer if self._subscriber else None
        places = list(consumer.assignment()) if consumer else []
        if consumer is None or not places:
            return 0
        ends = await consumer.end_offsets(places)
        lag = sum([max(ends[place] - await consumer.position(place), 0) for place in places])
        LAG.labels(self.subscription.name).set(lag)
        return int(lag)

    async def is_stuck(self) -> bool:
        """Lag, no handler at work and nothing arrived for a minute, in two looks: only a restart helps.

        A process that was frozen looks stuck when it wakes, and has caught up by the second look.
        """
        if self._busy or time.monotonic() - self._last_arrival < STUCK_AFTER_SECONDS:
            self._was_behind = False
            return False
        try:
            is_behind = await asyncio.wait_for(self.lag(), timeout=10) > 0
        except Exception:  # Kafka is away, which is not the consumer's fault
            is_behind = False
        was_behind, self._was_behind = self._was_behind, is_behind
        return is_behind and was_behind


async def _parse_without_headers(message: tuple[Record, ...], original: Any) -> Any:
    """FastStream decodes headers on arrival and drops a batch with an odd one; ours are read per record."""
    parsed = await original((_without_headers(message[0]),))
    parsed.raw_message = message
    return parsed


def _without_headers(record: Record) -> Record:
    return ConsumerRecord(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        timestamp_type=record.timestamp_type,
        key=None,
        value=b"",
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=(),
    )


async def _leave_raw(message: Any) -> Any:
    return message.body
