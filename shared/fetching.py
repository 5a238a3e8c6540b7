"""Fetching: what is there, in hand until a transaction has accounted for it; the unreadable stands alone.

aiokafka decodes lazily: a corrupt batch, an unknown codec or a header name that is no UTF-8 raises in
`getmany`, again and again, and what the same call had taken from other partitions is dropped with their
positions moved on. So each call here takes one record or asks one partition, and a partition that fails
three times at one place is set aside: paused, written down, tried again once a minute or when a person
steps over it.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import (
    ConsumerStoppedError,
    CorruptRecordException,
    KafkaError,
    RecordTooLargeError,
    TopicAuthorizationFailedError,
    UnsupportedCodecError,
)

from shared import batches, setaside
from shared.db import Pool, in_transaction
from shared.setaside import PartitionSetAside
from shared.telemetry import SET_ASIDE

log = structlog.get_logger()

Record: TypeAlias = "ConsumerRecord[bytes | None, bytes | None]"

QUIET_MS = 5_000
QUIET_WAIT_MS = 2_000
TRIES = 3
EXAMINE_SECONDS = 5.0
LOOK_AGAIN_SECONDS = 0.05
# What is set aside is looked after often, so that a step takes effect soon; else now and then.
TEND_SECONDS = 2.0
TEND_WHEN_WELL_SECONDS = 60.0
TRY_AGAIN_SECONDS = 60.0
LOOK_SECONDS = 5.0

# Of one partition; any other error of Kafka's is the whole consumer's.
UNREADABLE = (
    CorruptRecordException,
    UnsupportedCodecError,
    RecordTooLargeError,
    TopicAuthorizationFailedError,
)


@dataclass
class _Trouble:
    """A partition that fails at an offset; held once `tries` are used up."""

    offset: int
    reason: str
    tries: int = 1
    held: PartitionSetAside | None = None
    try_again_at: float = 0.0


@dataclass
class Fetching:
    """The records of one subscription, as they come; `in_hand` are those not accounted for yet."""

    handler: str
    pool: Pool
    max_records: int
    max_bytes: int
    wait_ms: int = 500
    in_hand: list[Record] = field(default_factory=list)
    _suspects: dict[TopicPartition, _Trouble] = field(default_factory=dict)
    _aside: dict[TopicPartition, _Trouble] = field(default_factory=dict)
    _tend_at: float = 0.0

    @property
    def set_aside(self) -> list[PartitionSetAside]:
        """The partitions that stand still in this process."""
        return [trouble.held for trouble in self._aside.values() if trouble.held]

    def flows(self, place: TopicPartition) -> bool:
        """Whether the partition is read."""
        return place not in self._aside

    async def take(self, consumer: AIOKafkaConsumer) -> None:
        """Take in hand what is there, within five seconds; nothing may be in hand before."""
        assert not self.in_hand, "what is in hand is accounted for, or given back first"
        await self._tend(consumer)
        if self._suspects:
            await self._examine(consumer)
            return
        try:
            found = await consumer.getmany(timeout_ms=QUIET_MS, max_records=1)
        except Exception as error:
            if not _is_of_one_partition(error):
                raise
            await self._examine(consumer)
            return
        # Before the rest is taken: while that lasts, the next question may leave those behind that have some.
        self._pace(consumer, self.wait_ms if found else max(self.wait_ms, QUIET_WAIT_MS))
        for place, records in found.items():
            self.in_hand += records
            await self._take_more(consumer, place)

    def _pace(self, consumer: AIOKafkaConsumer, wait_ms: int) -> None:
        """Have the broker hold a question for so long while nothing comes; what comes is answered at once.

        The library takes this as an argument once, reads it for every question, and has no call to change it.
        """
        consumer._fetcher._fetch_max_wait_ms = wait_ms

    def give_back(self, consumer: AIOKafkaConsumer) -> None:
        """Go back to where each partition in hand began; what another replica owns by now is its own."""
        firsts: dict[TopicPartition, int] = {}
        for record in self.in_hand:
            firsts.setdefault(TopicPartition(record.topic, record.partition), record.offset)
        owned = consumer.assignment()
        for place, offset in firsts.items():
            if place in owned:
                consumer.seek(place, offset)
        self.in_hand = []

    async def _take_more(self, consumer: AIOKafkaConsumer, first: TopicPartition) -> None:
        """Take of each partition its share, and then of those that have more.

        One that holds a hundred thousand records stands first until they are handled, and would fill every
        batch while another partner's only payment waits.
        """
        places = [place for place in self._readable(consumer) if place != first]
        random.shuffle(places)
        places.append(first)
        share = max(self._room() // len(places), 1)
        deep = [place for place in places if await self._take_up_to(consumer, place, share) == share]
        for place in deep:
            await self._take_up_to(consumer, place, self._room())

    async def _take_up_to(self, consumer: AIOKafkaConsumer, place: TopicPartition, most: int) -> int:
        """Take up to `most` records of one partition, as far as there is room; answers how many."""
        most = min(most, self._room())
        return await self._take_from(consumer, place, most) if most else 0

    def _room(self) -> int:
        """Return how many records more fit, if they are as large as those in hand."""
        taken = sum(len(record.value or b"") for record in self.in_hand)
        by_size = (self.max_bytes - taken) * len(self.in_hand) // max(taken, 1)
        return max(min(self.max_records - len(self.in_hand), by_size), 0)

    async def _take_from(self, consumer: AIOKafkaConsumer, place: TopicPartition, most: int) -> int:
        """Take up to `most` records of one partition; answers how many."""
        try:
            found = await consumer.getmany(place, timeout_ms=0, max_records=most)
        except Exception as error:
            if not _is_of_one_partition(error):
                raise
            await self._suspect(consumer, place, error)
            return 0
        records: Sequence[Record] = found.get(place, ())
        self.in_hand += records
        return len(records)

    async def _examine(self, consumer: AIOKafkaConsumer) -> None:
        """Ask each partition alone, record by record: what lies before the unreadable place is still read."""
        deadline = time.monotonic() + EXAMINE_SECONDS
        while time.monotonic() < deadline and not self.in_hand:
            known = len(self._aside)
            for place in self._readable(consumer):
                while len(self.in_hand) < self.max_records and await self._take_from(consumer, place, 1):
                    self._suspects.pop(place, None)
            if len(self._aside) > known:
                return
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        if not self.in_hand:
            self._suspects.clear()  # it did not fail again

    async def _suspect(self, consumer: AIOKafkaConsumer, place: TopicPartition, error: Exception) -> None:
        offset, reason = await consumer.position(place), f"{type(error).__name__}: {error}"
        log.warning(
            "partition cannot be read", handler=self.handler, place=f"{place}@{offset}", reason=reason
        )
        trouble = self._suspects.setdefault(place, _Trouble(offset, reason, tries=0))
        trouble.tries = trouble.tries + 1 if trouble.offset == offset else 1
        trouble.offset, trouble.reason = offset, reason
        if trouble.tries >= TRIES:
            consumer.pause(place)
            trouble.try_again_at = time.monotonic() + TRY_AGAIN_SECONDS
            self._aside[place] = self._suspects.pop(place)
            self._tend_at = 0.0

    def _readable(self, consumer: AIOKafkaConsumer) -> list[TopicPartition]:
        return [place for place in consumer.assignment() if place not in self._aside]

    async def _tend(self, consumer: AIOKafkaConsumer) -> None:
        """Write down what is set aside, step over what a person chose, try again what has waited."""
        if time.monotonic() < self._tend_at:
            return
        owned = consumer.assignment()
        for place in [place for place in self._aside if place not in owned]:
            self._forget(place)
        for place, trouble in list(self._aside.items()):
            await self._tend_one(consumer, place, trouble)
        await self._close_what_flows(consumer)
        self._tend_at = time.monotonic() + (TEND_SECONDS if self._aside else TEND_WHEN_WELL_SECONDS)

    async def _tend_one(self, consumer: AIOKafkaConsumer, place: TopicPartition, trouble: _Trouble) -> None:
        consumer.pause(place)  # a rebalance forgets it
        skip_to = await self._chosen_step(place, trouble)
        if skip_to is None and trouble.held is None:
            await self._hold(consumer, place, trouble)
        if skip_to is not None:
            log.warning("partition stepped over", handler=self.handler, place=str(place), offset=skip_to)
            consumer.seek(place, skip_to)
            async with in_transaction(self.pool) as tx:
                await setaside.close(tx, place, self.handler)
        if skip_to is not None or time.monotonic() > trouble.try_again_at:
            self._forget(place)
            consumer.resume(place)

    async def _hold(self, consumer: AIOKafkaConsumer, place: TopicPartition, trouble: _Trouble) -> None:
        end = await batches.end_of_batch(consumer, place, trouble.offset)
        async with in_transaction(self.pool) as tx:
            trouble.held = await setaside.hold(tx, place, self.handler, trouble.offset, end, trouble.reason)
        SET_ASIDE.labels(self.handler, place.topic, str(place.partition)).set(1)
        log.critical(
            "partition set aside",
            handler=self.handler,
            place=f"{place.topic}[{place.partition}]@{trouble.offset}",
            since=trouble.held.first_seen.isoformat(),
            reason=trouble.reason,
        )

    async def _chosen_step(self, place: TopicPartition, trouble: _Trouble) -> int | None:
        async with in_transaction(self.pool) as tx:
            for each in await setaside.list_open(tx):
                is_here = (each.place, each.handler) == (place, self.handler)
                if is_here and each.skip_to is not None and each.skip_to > trouble.offset:
                    return each.skip_to
            return await setaside.skipped_before(tx, place, self.handler, trouble.offset)

    async def _close_what_flows(self, consumer: AIOKafkaConsumer) -> None:
        """A partition that another process set aside, and that this one reads, is set aside no longer."""
        async with in_transaction(self.pool) as tx:
            mine = [each for each in await setaside.list_open(tx) if each.handler == self.handler]
        readable = set(self._readable(consumer)) - self._suspects.keys()
        for held in mine:
            if held.place in readable:
                await self._close_if_it_flows(consumer, held)

    async def _close_if_it_flows(self, consumer: AIOKafkaConsumer, held: PartitionSetAside) -> None:
        """Where Kafka has deleted meanwhile what it stood at, nobody read that: a dead letter says so."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                start = (await consumer.beginning_offsets([held.place]))[held.place]
                position = await consumer.position(held.place)
        except (TimeoutError, KafkaError) as error:
            log.warning("not known whether it flows", place=str(held.place), error=repr(error))
            return
        async with in_transaction(self.pool) as tx:
            if start > max(held.offset, held.skip_to or 0):
                reason = await setaside.close_unread(tx, held, start)
                log.critical("records lost", handler=self.handler, place=str(held.place), reason=reason)
            elif position > held.offset:
                await setaside.close(tx, held.place, self.handler)

    def _forget(self, place: TopicPartition) -> None:
        del self._aside[place]
        SET_ASIDE.remove(self.handler, place.topic, str(place.partition))


def _is_of_one_partition(error: Exception) -> bool:
    if isinstance(error, KafkaError):
        return isinstance(error, UNREADABLE)
    return not isinstance(error, ConsumerStoppedError)
