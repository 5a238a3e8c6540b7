"""Waits until what is on its way has landed: said by one service, not yet taken in by the next."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from contextlib import suppress
from typing import TypeAlias

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from shared.db import Connection
from shared.kafka import Kafka
from shared.migrate import SCHEMAS

LOOKS = 4
SHORTEST_SECONDS = 2.0
# What moves is waited for, however much it is; what stands still for so long is what the audit is to name.
STILL_SECONDS = 60.0
_PAUSE_SECONDS = 0.5
_KAFKA_SECONDS = 10.0

Offsets: TypeAlias = dict[TopicPartition, int]


class _Patience:
    """Lasts as long as less and less is left."""

    def __init__(self) -> None:
        self._left: int | None = None
        self._moved_at = time.monotonic()

    def lasts(self, left: int) -> bool:
        """Whether something is left that has become less within the last minute."""
        if self._left is None or left < self._left:
            self._left, self._moved_at = left, time.monotonic()
        return left > 0 and time.monotonic() - self._moved_at < STILL_SECONDS


async def settle(connection: Connection, kafka: Kafka | None) -> None:
    """Return once everything said so far was sent and taken in, or nothing of it has moved for a minute."""
    await asyncio.sleep(SHORTEST_SECONDS)
    last, patience = await _last_said(connection), _Patience()
    while patience.lasts(await _unsent(connection, last)):
        await asyncio.sleep(_PAUSE_SECONDS)
    if kafka is not None:
        await _wait_for_readers(kafka)


async def _last_said(connection: Connection) -> dict[str, int]:
    names = [schema.name for schema in SCHEMAS]
    return {
        name: await connection.fetchval(f"SELECT coalesce(max(id), 0) FROM {name}.outbox") for name in names
    }


async def _unsent(connection: Connection, last: dict[str, int]) -> int:
    """Return how much of what was said by then still waits for Kafka."""
    counts = [
        await connection.fetchval(f"SELECT count(*) FROM {name}.outbox WHERE id <= $1", most)
        for name, most in last.items()
    ]
    return sum(counts)


async def _wait_for_readers(kafka: Kafka) -> None:
    """Away, Kafka delivers nothing: there is nothing to wait for."""
    with suppress(KafkaError, OSError, TimeoutError):
        await readers_reach_the_end(kafka)


async def readers_reach_the_end(kafka: Kafka, named: Collection[str] | None = None) -> None:
    """Wait for all of our groups, or for these; raises TimeoutError where Kafka or a reader stands still."""
    admin = AIOKafkaAdminClient(**kafka.aiokafka())
    # What can be read ends before a transaction that is open.
    reader = AIOKafkaConsumer(**kafka.aiokafka(), isolation_level="read_committed")
    try:
        async with asyncio.timeout(_KAFKA_SECONDS):
            await admin.start()
            await reader.start()
            groups = [each[0] for each in await admin.list_consumer_groups() if _is_ours(each[0], named)]
            taken = {group: await _taken(admin, group) for group in groups}
            places = {place for offsets in taken.values() for place in offsets}
            ends: Offsets = await reader.end_offsets(places)
        await _reach(admin, taken, ends)
    finally:
        await reader.stop()
        await admin.close()


async def _reach(admin: AIOKafkaAdminClient, taken: dict[str, Offsets], ends: Offsets) -> None:
    patience = _Patience()
    while left := sum(_behind(offsets, ends) for offsets in taken.values()):
        if not patience.lasts(left):
            raise TimeoutError(f"{left} records are not taken in, and nobody takes any")
        await asyncio.sleep(_PAUSE_SECONDS)
        async with asyncio.timeout(_KAFKA_SECONDS):
            late = [group for group, offsets in taken.items() if _behind(offsets, ends)]
            taken = {group: await _taken(admin, group) for group in late}


def _is_ours(group: str, named: Collection[str] | None) -> bool:
    if named is not None:
        return group in named
    return group.partition(".")[0] in {schema.name for schema in SCHEMAS} | {"projector"}


async def _taken(admin: AIOKafkaAdminClient, group: str) -> Offsets:
    offsets = await admin.list_consumer_group_offsets(group)
    return {place: each.offset for place, each in offsets.items() if each.offset >= 0}


def _behind(taken: Offsets, ends: Offsets) -> int:
    """Return how many records there are up to those ends that a group has not taken in."""
    return sum(max(ends.get(place, 0) - offset, 0) for place, offset in taken.items())
