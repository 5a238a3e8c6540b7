"""Waits until what is on its way has landed: said by one service, not yet taken in by the next."""

from __future__ import annotations

import asyncio
import time
from typing import TypeAlias

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from shared.db import Connection
from shared.kafka import Kafka
from shared.migrate import SCHEMAS

LOOKS = 4
SHORTEST_SECONDS = 2.0
LONGEST_SECONDS = 60.0
_PAUSE_SECONDS = 0.5
_KAFKA_SECONDS = 10.0

Offsets: TypeAlias = dict[TopicPartition, int]


async def settle(connection: Connection, kafka: Kafka | None) -> None:
    """Return once everything said so far was sent and taken in, or after a minute."""
    deadline = time.monotonic() + LONGEST_SECONDS
    await asyncio.sleep(SHORTEST_SECONDS)
    last = await _last_said(connection)
    while await _unsent(connection, last) and time.monotonic() < deadline:
        await asyncio.sleep(_PAUSE_SECONDS)
    if kafka is not None:
        await _wait_for_readers(kafka, deadline)


async def _last_said(connection: Connection) -> dict[str, int]:
    names = [schema.name for schema in SCHEMAS]
    return {
        name: await connection.fetchval(f"SELECT coalesce(max(id), 0) FROM {name}.outbox") for name in names
    }


async def _unsent(connection: Connection, last: dict[str, int]) -> bool:
    for name, most in last.items():
        if await connection.fetchval(f"SELECT EXISTS (SELECT 1 FROM {name}.outbox WHERE id <= $1)", most):
            return True
    return False


async def _wait_for_readers(kafka: Kafka, deadline: float) -> None:
    """Away, Kafka delivers nothing: there is nothing to wait for."""
    try:
        async with asyncio.timeout(max(deadline - time.monotonic(), _KAFKA_SECONDS)):
            await _readers_reach_the_end(kafka)
    except (KafkaError, OSError, TimeoutError):
        return


async def _readers_reach_the_end(kafka: Kafka) -> None:
    admin = AIOKafkaAdminClient(**kafka.aiokafka())
    # What can be read ends before a transaction that is open.
    reader = AIOKafkaConsumer(**kafka.aiokafka(), isolation_level="read_committed")
    await admin.start()
    try:
        await reader.start()
        groups = [each[0] for each in await admin.list_consumer_groups() if _is_ours(each[0])]
        taken = {group: await _taken(admin, group) for group in groups}
        ends: Offsets = await reader.end_offsets({place for offsets in taken.values() for place in offsets})
        behind = [group for group in groups if _is_behind(taken[group], ends)]
        while behind:
            await asyncio.sleep(_PAUSE_SECONDS)
            behind = [group for group in behind if _is_behind(await _taken(admin, group), ends)]
    finally:
        await reader.stop()
        await admin.close()


def _is_ours(group: str) -> bool:
    return group.partition(".")[0] in {schema.name for schema in SCHEMAS} | {"projector"}


async def _taken(admin: AIOKafkaAdminClient, group: str) -> Offsets:
    offsets = await admin.list_consumer_group_offsets(group)
    return {place: each.offset for place, each in offsets.items() if each.offset >= 0}


def _is_behind(taken: Offsets, ends: Offsets) -> bool:
    return any(taken[place] < ends.get(place, 0) for place in taken)
