"""Between two parts: wait until nothing is left to do, so that no part pays for the one before it."""

from __future__ import annotations

import asyncio
import time

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.consumer import AIOKafkaConsumer

from bench.stack import Stack

LONGEST_SECONDS = 600
SCHEMAS = ("invoicing", "payments", "notifications", "documents", "gateway")
OUTBOXES = " + ".join(f"(SELECT count(*) FROM {schema}.outbox)" for schema in SCHEMAS)
VACUUMS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"


async def settle(stack: Stack) -> None:
    """Return once outboxes are empty, consumers have read all, nothing is vacuumed, and a checkpoint is done.

    Raises TimeoutError after ten minutes: what is measured then would be the rest of the part before.
    """
    connection = await asyncpg.connect(stack.database_url)
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            await _catch_up(stack, connection)
            await connection.execute("ANALYZE")
            await _write_out(connection)
    finally:
        await connection.close()


async def done(stack: Stack) -> None:
    """Return once all that a part caused is done, down to the checkpoint; raises TimeoutError as above."""
    connection = await asyncpg.connect(stack.database_url)
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            await _catch_up(stack, connection)
            await _write_out(connection)
    finally:
        await connection.close()


async def _catch_up(stack: Stack, connection: asyncpg.Connection[asyncpg.Record]) -> None:
    while await connection.fetchval(f"SELECT {OUTBOXES}") or await _lag(stack):
        await asyncio.sleep(0.5)


async def _write_out(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    while await connection.fetchval(VACUUMS):
        await asyncio.sleep(0.5)
    await connection.execute("CHECKPOINT")


async def _lag(stack: Stack) -> int:
    """Records that some group has not committed yet."""
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap_servers)
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka_bootstrap_servers)
    await admin.start()
    await consumer.start()
    try:
        behind = 0
        for group, _protocol in await admin.list_consumer_groups():
            committed = await admin.list_consumer_group_offsets(group)
            ends = await consumer.end_offsets(list(committed))
            behind += sum(max(ends[place] - committed[place].offset, 0) for place in ends)
        return behind
    finally:
        await consumer.stop()
        await admin.close()


def machine_speed() -> float:
    """Seconds for five million additions: slow days are told from slow code by it."""
    started = time.perf_counter()
    total = 0
    for number in range(5_000_000):
        total += number
    return time.perf_counter() - started
