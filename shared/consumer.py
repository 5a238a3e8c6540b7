"""The batch consumer: records of Kafka in, one transaction a batch, offsets last.

A FastStream subscriber brings batches; everything that loses messages by default is set here. A record
that cannot be handled is parked alone, as a dead letter of the same transaction; what will pass by itself
backs off in place, with its partition behind it. An offset is committed only for records that a transaction
has accounted for: whatever escapes instead, FastStream swallows, so the batch stays in hand and is given back
before the next one is taken; after a few tries the process ends, and a fresh one starts from there.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from shared import clock, deadletters, outbox
from shared.cloudevents import Poison, header_texts, read_binary, readable_cause, readable_id
from shared.contracts.envelope import CommandRefused, Envelope, Received
from shared.db import TRANSIENT, Pool, Tx, in_transaction, will_pass
from shared.fetching import Fetching, Record
from shared.outbox import Said
from shared.packed_batches import limit_batches
from shared.telemetry import (
    BACKOFFS,
    BATCH_SECONDS,
    ESCAPED,
    HANDLER_SECONDS,
    LAG,
    LAG_SECONDS,
    RECORDS,
    STUCK,
)
from shared.tracing import handling, working_for

log = structlog.get_logger()

Handler: TypeAlias = Callable[[Sequence[Received[Any]], Tx], Awaitable[None]]
Read: TypeAlias = Callable[[Record], Received[Any] | None]
Readable: TypeAlias = tuple[Record, Received[Any]]
Unreadable: TypeAlias = tuple[Record, str]
OnParked: TypeAlias = Callable[[Tx, Record, str], Awaitable[None]]

DAY_MS = 86_400_000
PROMPT_MS = 100  # the `wait_ms` of subscriptions that answer a person
STUCK_AFTER_SECONDS = 60.0
LAG_SECONDS_AT_MOST = 10.0
LONGEST_PAUSE_SECONDS = 5.0
ESCAPE_TRIES = 5
POSITION_SECONDS = 0.1
# A process that is behind holds a batch of each of its ten subscriptions, as objects many times as large, and
# what was fetched of each of their partitions.
BATCH_BYTES = 1_000_000  # of three thousand bills in sets, or a thousand by themselves
FETCH_BYTES = 2 * BATCH_BYTES


@dataclass(frozen=True)
class Sets:
    """How a record that says many things comes apart: only the culprits among them become its dead letter."""

    type: str
    split: Callable[[bytes], Sequence[bytes]]
    join: Callable[[Sequence[bytes]], bytes]

    def parts(self, record: Record) -> Sequence[Record]:
        """Return a record for each thing that is said; none when the record is no such set."""
        if record.value is None or header_texts(record).get("ce_type") != self.type:
            return ()
        return [replace(record, value=value) for value in self.split(record.value)]

    def whole(self, parts: Sequence[Record]) -> Record:
        """Return one record that says what these do."""
        return replace(parts[0], value=self.join([part.value or b"" for part in parts]))


@dataclass(frozen=True)
class Subscription:
    """The topics that a service hears: topics (or a pattern of them) and a handler for each type of message.

    A record is fetched as soon as it is there. Only behind a batch that takes longer than 100 ms may it wait
    for up to `wait_ms`: short where a person waits for the answer, longer elsewhere, because every look costs
    the broker and us some work (at 20 ms an idle stack kept a core at four fifths). Where nothing has come
    for five seconds the broker holds each look for two; a record ends it as quickly as before.
    `is_bulk` has it heard in the service's bulk lane (`shared.lanes`): whatever may bring thousands at once.
    `wakes_workers` says whether a batch may give the workers of its process something to do.
    `read` turns a record into a message, None for a type that is passed over, or raises `Poison`.
    `on_parked` says something beside a dead letter, in its transaction. `sets` takes a record apart that says
    many things of which one cannot be handled. A batch ends at `max_records` or at a megabyte.
    `is_by_kind` has it handled kind by kind in the order of `handlers`, not as it came: for messages that say
    a whole state each, so that two batches lock in one order, whatever comes first in each.
    """

    name: str
    handlers: Mapping[type[Any], Handler]
    topics: tuple[str, ...] = ()
    pattern: str | None = None
    max_records: int = 1_000
    wait_ms: int = 500
    is_bulk: bool = False
    wakes_workers: bool = True
    is_by_kind: bool = False
    read: Read | None = None
    on_parked: OnParked | None = None
    sets: Sets | None = None


def refuse_command(service: str) -> OnParked:
    """Every command ends: one that became a dead letter is refused as `internal`.

    One that was handed on names the command for whose sake it was: whoever asked for that knows no other.
    """

    async def refuse(tx: Tx, record: Record, reason: str) -> None:
        command_id = readable_id(record)
        if command_id is None:
            return
        refusal = CommandRefused(
            service=service,
            code="internal",
            detail=deadletters.plain(reason)[:500],
            subject=str(readable_cause(record) or command_id),
        )
        await outbox.say(tx, [Said(refusal, because=_bare_envelope(command_id, refusal))])

    return refuse


def _bare_envelope(command_id: UUID, refusal: CommandRefused) -> Envelope:
    return Envelope(id=command_id, type=refusal.type, source="unreadable", time=clock.now())


class NotAccountedFor(RuntimeError):
    """A handled batch holds records that were neither handled, nor passed over, nor parked."""


def end_process(reason: str) -> None:
    """End this process, by a signal and so not with 0; whoever supervises it starts a fresh one."""
    log.critical("process ends", reason=reason)
    os.kill(os.getpid(), signal.SIGTERM)


@dataclass
class Consumer:
    """One subscription at work: reads, hands over, parks, commits; knows whether it is stuck."""

    service: str
    subscription: Subscription
    pool: Pool
    give_up: Callable[[str], None] = end_process
    on_handled: Callable[[], None] = lambda: None
    kafka_answers: Callable[[], Awaitable[bool]] | None = None
    last_lag: tuple[int, float] = (0, 0.0)  # records, and the seconds of the oldest, at the last look
    _last_arrival: float = field(default_factory=time.monotonic)
    _busy: bool = False
    _was_behind: bool = False
    _waits_since: datetime | None = None
    _behind_since: float | None = None
    _behind: dict[TopicPartition, int] = field(default_factory=dict)
    _escapes: int = 0
    _committed: dict[TopicPartition, int] = field(default_factory=dict)
    _subscriber: Any = None
    _fetching: Fetching = field(init=False)

    def __post_init__(self) -> None:
        subscription = self.subscription
        self._fetching = Fetching(
            subscription.name,
            self.pool,
            subscription.max_records,
            BATCH_BYTES,
            wait_ms=subscription.wait_ms,
        )

    def attach(self, broker: KafkaBroker) -> None:
        """Join the group when the broker starts."""
        limit_batches()
        subscription = self.subscription
        # Told of from the start: a process that ends after five tries lives so shortly that a counter which
        # began with the first of them would hardly be seen to grow.
        ESCAPED.labels(subscription.name)
        self._subscriber = broker.subscriber(
            *subscription.topics,
            pattern=subscription.pattern,
            batch=True,
            group_id=f"{self.service}.{subscription.name}",
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_poll_interval_ms=DAY_MS,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
            fetch_max_wait_ms=subscription.wait_ms,
            max_partition_fetch_bytes=BATCH_BYTES,
            fetch_max_bytes=FETCH_BYTES,
            parser=_parse_without_headers,
            decoder=_leave_raw,
            no_reply=True,
        )
        self._subscriber.get_msg = self._next_batch
        self._subscriber(self._consume)

    async def _next_batch(self, consumer: AIOKafkaConsumer) -> tuple[Record, ...]:
        """Return what is there, as soon as it is: FastStream's own sleeps after every empty look."""
        fetching = self._fetching
        if fetching.in_hand:
            await self._give_back(consumer)
        try:
            await fetching.take(consumer)
        except TRANSIENT as error:
            log.warning("nothing fetched", subscription=self.subscription.name, error=repr(error))
            await asyncio.sleep(1)
        if not fetching.in_hand:
            await self._commit({}, consumer.assignment())
        return tuple(fetching.in_hand)

    async def _give_back(self, consumer: AIOKafkaConsumer) -> None:
        """Seek back to what is in hand still, and try again after a pause, or give up for good."""
        self._escapes += 1
        name = self.subscription.name
        ESCAPED.labels(name).inc()
        log.error("batch given back", subscription=name, tries=self._escapes)
        self._fetching.give_back(consumer)
        if self._escapes >= ESCAPE_TRIES:
            self.give_up(f"{name}: a batch could not be accounted for in {self._escapes} tries")
        await asyncio.sleep(min(0.2 * 2**self._escapes, LONGEST_PAUSE_SECONDS))

    async def _consume(self, message: KafkaMessage) -> None:
        records = message.raw_message
        assert isinstance(records, tuple)
        self._busy, self._last_arrival = True, time.monotonic()
        try:
            with BATCH_SECONDS.labels(self.subscription.name).time():
                accounted = await self.handle(records)
            ends = _unbroken_ends(records, accounted)
            if not _places(records) <= _places(accounted):
                raise NotAccountedFor(self.subscription.name)
            self._fetching.in_hand, self._escapes = [], 0
            self.on_handled()
            # A commit that never ends is no work: what waits behind it makes the consumer stuck.
            self._busy, self._last_arrival = False, time.monotonic()
            await self._commit(ends, ends)
        except Exception:
            log.exception("batch not handled", subscription=self.subscription.name)
            raise
        finally:
            self._busy, self._last_arrival = False, time.monotonic()

    async def handle(self, records: Sequence[Record]) -> list[Record]:
        """Handle a batch, however long passing failures last; answers the records that were accounted for."""
        for attempt in itertools.count():
            try:
                return await self._handle_once(records)
            except TRANSIENT as error:
                if not will_pass(error):
                    raise
                BACKOFFS.labels(self.subscription.name).inc()
                pause = min(0.05 * 2 ** min(attempt, 10), LONGEST_PAUSE_SECONDS)
                log.warning(
                    "batch backs off", subscription=self.subscription.name, error=repr(error), pause=pause
                )
                await asyncio.sleep(pause)
        raise AssertionError("the count has no end")

    async def _handle_once(self, records: Sequence[Record]) -> list[Record]:
        readable, poison, passed = self._read_all(records)
        try:
            async with in_transaction(self.pool) as tx:
                await self._park_all(tx, poison)
                await self._dispatch(tx, [message for _, message in readable])
        except Exception as error:
            if will_pass(error):
                raise
            log.warning("batch is replayed", subscription=self.subscription.name, error=repr(error))
            await self._replay(readable, poison)
        name = self.subscription.name
        for outcome, count in (("handled", readable), ("parked", poison), ("passed", passed)):
            RECORDS.labels(name, outcome).inc(len(count))
        return [*passed, *(record for record, _ in readable), *(record for record, _ in poison)]

    def _read_all(self, records: Sequence[Record]) -> tuple[list[Readable], list[Unreadable], list[Record]]:
        """Split a batch into what can be read, what cannot, and what is of an unknown type and passed over.

        Whatever reading raises, it ends here: one odd record may not take its neighbours along.
        """
        read = self.subscription.read or read_binary(self.subscription.handlers)
        readable: list[Readable] = []
        poison: list[Unreadable] = []
        passed: list[Record] = []
        for record in records:
            message = self._read(read, record)
            if message is None:
                passed.append(record)
            elif not isinstance(message, str):
                readable.append((record, message))
            elif parts := self._parts(record):
                taken, left = self._read_parts(read, parts)
                readable += taken
                poison += left
            else:
                poison.append((record, message))
        return readable, poison, passed

    def _read(self, read: Read, record: Record) -> Received[Any] | str | None:
        """Return the message, why it cannot be read, or None for a type that is passed over."""
        try:
            return read(record)
        except Poison as reason:
            return str(reason)
        except Exception as error:
            log.exception("reading fails", subscription=self.subscription.name)
            return f"{type(error).__name__}: {error}"

    def _parts(self, record: Record) -> Sequence[Record]:
        parts = self.subscription.sets.parts(record) if self.subscription.sets else ()
        return parts if len(parts) > 1 else ()

    def _read_parts(self, read: Read, parts: Sequence[Record]) -> tuple[list[Readable], list[Unreadable]]:
        """Split a set that cannot be read into the set that can be, and the one that is parked."""
        good: list[Record] = []
        bad: list[Unreadable] = []
        for part in parts:
            reason = self._read(read, part)
            if isinstance(reason, str):
                bad.append((part, reason))
            else:
                good.append(part)
        taken: list[Readable] = []
        if good:
            whole = self._whole(good)
            message = self._read(read, whole)
            assert isinstance(message, Received), "what can be read apart can be read together"
            taken.append((whole, message))
        return taken, self._joined(bad)

    def _whole(self, parts: Sequence[Record]) -> Record:
        assert self.subscription.sets is not None
        return self.subscription.sets.whole(parts)

    def _joined(self, culprits: Sequence[Unreadable]) -> list[Unreadable]:
        """The culprits of one set as one dead letter, which holds nothing that was handled."""
        if not culprits:
            return []
        return [(self._whole([part for part, _ in culprits]), culprits[0][1])]

    async def _dispatch(self, tx: Tx, messages: Sequence[Received[Any]]) -> None:
        if not messages:
            return
        name, handlers = self.subscription.name, self.subscription.handlers
        if self.subscription.is_by_kind:
            order = {kind: place for place, kind in enumerate(handlers)}
            messages = sorted(messages, key=lambda message: order[type(message.data)])
        whose = ((each.data.type, each.envelope.traceparent) for each in messages)
        with handling(name, whose), working_for(messages):
            for handle, run in itertools.groupby(messages, lambda message: handlers[type(message.data)]):
                await _timed(name, handle, list(run), tx)

    async def _park_all(self, tx: Tx, poison: Sequence[Unreadable]) -> None:
        for record, reason in poison:
            place = f"{record.topic}[{record.partition}]@{record.offset}"
            log.error("record parked", subscription=self.subscription.name, reason=reason, place=place)
            await deadletters.park(tx, record, self.subscription.name, reason)
            if self.subscription.on_parked:
                await self.subscription.on_parked(tx, record, reason)

    async def _replay(self, readable: Sequence[Readable], poison: Sequence[Unreadable]) -> None:
        """One record after another, each in a transaction of its own: only the culprit is parked.

        In one transaction their locks would pile up in the order of the records, and wait in a circle. What
        was handled before a passing failure is handled again, which changes nothing.
        """
        culprits = list(poison)
        for record, message in readable:
            reason = await self._handle_alone(message)
            if reason is None:
                continue
            parts = self._parts(record)
            culprits += await self._handle_apart(parts) if parts else [(record, reason)]
        async with in_transaction(self.pool) as tx:
            await self._park_all(tx, self._a_place(culprits))

    async def _handle_alone(self, message: Received[Any]) -> str | None:
        """Handle one message in a transaction of its own; why it cannot be, if so."""
        with working_for([message]):
            try:
                async with in_transaction(self.pool) as tx:
                    await self._dispatch(tx, [message])
            except Exception as error:
                if will_pass(error):
                    raise
                log.exception("record fails alone", subscription=self.subscription.name)
                return f"{type(error).__name__}: {error}"
        return None

    async def _handle_apart(self, parts: Sequence[Record]) -> list[Unreadable]:
        """Handle each thing that a set says by itself; the dead letter of those that fail."""
        read = self.subscription.read or read_binary(self.subscription.handlers)
        culprits: list[Unreadable] = []
        for part in parts:
            message = self._read(read, part)
            reason = await self._handle_alone(message) if isinstance(message, Received) else message
            if reason is not None:
                culprits.append((part, reason))
        return self._joined(culprits)

    def _a_place(self, culprits: Sequence[Unreadable]) -> list[Unreadable]:
        """One dead letter a place: of a set, some invoices may not be readable and others fail."""
        by_place: dict[tuple[str, int, int], list[Unreadable]] = defaultdict(list)
        for record, reason in culprits:
            by_place[record.topic, record.partition, record.offset].append((record, reason))
        return [each[0] if len(each) == 1 else self._joined(each)[0] for each in by_place.values()]

    async def _commit(self, ends: Mapping[TopicPartition, int], places: Iterable[TopicPartition]) -> None:
        """Commit what was accounted for, and with nothing in hand, what Kafka itself keeps between records.

        Transaction markers and aborted records count as offsets and never arrive. A failure only means that
        the next owner does the batch again.
        """
        consumer = self._subscriber.consumer
        if consumer is None:
            return
        try:
            owned = consumer.assignment()
            positions = await _positions(consumer, [place for place in places if place in owned])
            reached = {place: max(ends.get(place, 0), at) for place, at in positions.items()}
            moved = {place: end for place, end in reached.items() if self._committed.get(place) != end}
            if moved:
                await consumer.commit(moved)
                self._committed.update(moved)
        except Exception as error:
            log.warning("offsets not committed", subscription=self.subscription.name, error=repr(error))

    async def lag(self) -> int:
        """Records between what was handled and what can be read of the assigned partitions.

        An open transaction ends what can be read; a partition set aside is told of by itself. Raises
        TimeoutError where Kafka does not say.
        """
        consumer, places = self._subscriber.consumer if self._subscriber else None, self._flowing()
        self._behind = {}
        if consumer is not None and places:
            async with asyncio.timeout(LAG_SECONDS_AT_MOST):
                ends = await consumer.end_offsets(places)
                lags = {place: ends[place] - await consumer.position(place) for place in places}
            self._behind = {place: lag for place, lag in lags.items() if lag > 0}
        lag = sum(self._behind.values())
        self.last_lag = lag, self._age(lag)
        LAG.labels(self.subscription.name).set(lag)
        LAG_SECONDS.labels(self.subscription.name).set(self.last_lag[1])
        return lag

    def _flowing(self) -> list[TopicPartition]:
        """The partitions of this process that are not set aside."""
        consumer = self._subscriber.consumer if self._subscriber else None
        return [place for place in consumer.assignment() if self._fetching.flows(place)] if consumer else []

    def _age(self, lag: int) -> float:
        """For how long the oldest record that is not accounted for has waited.

        By its own time while it is in hand. What is not even fetched has waited since the look that found it;
        so do a partner's records, whose times are theirs to say.
        """
        in_hand = self._fetching.in_hand
        if not lag and not in_hand:
            self._behind_since = None
            return 0.0
        now = time.time()  # real time on purpose: records bear it too
        self._behind_since = self._behind_since or now
        if in_hand and not self.subscription.pattern:
            oldest_ms: int = min(record.timestamp for record in in_hand)
            return max(now - oldest_ms / 1_000, 0.0)
        return now - self._behind_since

    async def is_stuck(self) -> bool:
        """Lag, no handler at work and nothing arrived for a minute, in two looks: only a restart helps.

        A process that was frozen looks stuck when it wakes, and has caught up by the second look. A client
        that cannot even tell its lag is stuck too where Kafka answers others: after a broker's death one may
        wait for its position for ever, and one whose own tasks have ended never does anything again.
        """
        if self._has_ended():
            return True
        if self._busy or time.monotonic() - self._last_arrival < STUCK_AFTER_SECONDS:
            self._note_stuck(is_behind=False)
            return False
        try:
            is_behind = await self.lag() > 0
        except Exception as error:
            log.warning("lag unknown", subscription=self.subscription.name, error=repr(error))
            # Kafka away is not the consumer's fault.
            is_behind = self.kafka_answers is not None and await self.kafka_answers()
            # Which of them wait is not known: nothing arrives from any.
            self._behind = dict.fromkeys(self._flowing(), 0) if is_behind else {}
        was_behind = self._was_behind
        self._note_stuck(is_behind)
        return is_behind and was_behind

    def _has_ended(self) -> bool:
        """Whether the client's own tasks, which fetch and keep its place in the group, have failed."""
        client = self._subscriber.consumer if self._subscriber else None
        if client is None or client._fetcher is None:
            return False
        tasks = (client._fetcher.error_future, client._coordinator._coordination_task)
        return any(task.done() and not task.cancelled() for task in tasks)

    def _note_stuck(self, is_behind: bool) -> None:
        name = self.subscription.name
        if is_behind:
            self._waits_since = self._waits_since or clock.now()
            for place, lag in self._behind.items():
                STUCK.labels(name, place.topic, str(place.partition)).set(1)
                log.error("partition is stuck", subscription=name, place=str(place), lag=lag or "unknown")
        elif self._was_behind:
            self._waits_since = None
            STUCK.remove_by_labels({"subscription": name})
        self._was_behind = is_behind

    def troubles(self) -> list[dict[str, Any]]:
        """Which partitions stand still, since when and why."""
        name = self.subscription.name
        aside = [
            _trouble(name, held.place, held.offset, held.first_seen, held.reason)
            for held in self._fetching.set_aside
        ]
        if self._waits_since is None:
            return aside
        reason = "nothing arrives"
        return aside + [_trouble(name, place, None, self._waits_since, reason) for place in self._behind]


async def _timed(name: str, handle: Handler, messages: list[Received[Any]], tx: Tx) -> None:
    began, outcome = time.perf_counter(), "failed"
    try:
        await handle(messages, tx)
        outcome = "handled"
    finally:
        seconds = time.perf_counter() - began
        HANDLER_SECONDS.labels(name, messages[0].data.type, outcome).observe(seconds)


async def _positions(
    consumer: AIOKafkaConsumer, places: Iterable[TopicPartition]
) -> dict[TopicPartition, int]:
    """Return where partitions stand; one without a leader has no position yet, and nobody waits for it."""
    positions: dict[TopicPartition, int] = {}
    for place in places:
        try:
            async with asyncio.timeout(POSITION_SECONDS):
                positions[place] = await consumer.position(place)
        except (TimeoutError, IllegalStateError):
            continue
    return positions


def _trouble(
    name: str, place: TopicPartition, offset: int | None, since: datetime, reason: str
) -> dict[str, Any]:
    return {
        "subscription": name,
        "topic": place.topic,
        "partition": place.partition,
        "offset": offset,
        "since": since.isoformat(),
        "reason": reason,
    }


def _places(records: Iterable[Record]) -> set[tuple[str, int, int]]:
    return {(record.topic, record.partition, record.offset) for record in records}


def _unbroken_ends(records: Sequence[Record], accounted: Sequence[Record]) -> dict[TopicPartition, int]:
    """Each partition's end, as far as every record before it was accounted for."""
    done = _places(accounted)
    ends: dict[TopicPartition, int] = {}
    broken: set[TopicPartition] = set()
    for record in records:
        place = TopicPartition(record.topic, record.partition)
        if (record.topic, record.partition, record.offset) not in done:
            broken.add(place)
        elif place not in broken:
            ends[place] = record.offset + 1
    return ends


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
