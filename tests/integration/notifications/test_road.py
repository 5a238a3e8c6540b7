"""The whole road: commands over Kafka to a process of its own, killed while a provider keeps it waiting."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer

from cli.audit.promises import look, reading
from devstack.simulators.sms import SmsSimulator
from shared.db import Pool
from tests import patience
from tests.conftest import PoolFor, as_role
from tests.integration.invoicing.test_service import send
from tests.integration.notifications.harness import LINK, PALLABI, NotificationsHarness, sealed
from tests.keys import KEYS

MESSAGES = 60
PROMISES = (
    "a-message-is-sent-at-most-once",
    "a-message-is-sent-again-only-where-it-is-known-not-to-have-been",
    "a-message-is-what-its-last-attempt-says",
    "no-message-hangs-in-sending",
    "a-command-to-notifications-has-ended",
)


@asynccontextmanager
async def notifications(url: str, kafka: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The service as a process of its own; killed, if it was not before, when the context ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from services.notifications.app import run; run(0)",
        env=os.environ | {
            "NOTIFICATIONS_DATABASE_URL": url,
            "NOTIFICATIONS_SEALING_KEY": KEYS["notifications"],
            "KAFKA_BOOTSTRAP_SERVERS": kafka,
            "ISPBILLS_ENVIRONMENT": "development",
        },
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def until(pool: Pool, condition: str) -> None:
    async with asyncio.timeout(patience.SECONDS):
        while not await pool.fetchval(f"SELECT {condition} FROM message"):
            await asyncio.sleep(0.1)


async def test_killed_in_the_middle_it_sends_each_once_or_says_that_it_does_not_know(
    harness: NotificationsHarness, simulator: SmsSimulator, pool_for: PoolFor, database_url: str, kafka: str
) -> None:
    await harness.configure("bulksmsbd")
    await harness.pool.execute("DELETE FROM outbox")
    simulator.bulksmsbd.traps.timeout_every = 12
    url = as_role(database_url, "notifications")
    messages = [
        harness.message(
            mobile=f"+88017110{number:05d}",
            sealed_url=sealed({"url": f"{LINK}{number:05d}"}, "link", PALLABI),
        )
        for number in range(MESSAGES)
    ]
    async with notifications(url, kafka) as process:
        await send(kafka, *messages, *messages[:5])  # some are asked for twice
        await until(harness.pool, "count(*) FILTER (WHERE state = 'sent') >= 20")
        process.send_signal(signal.SIGKILL)
        await process.communicate()
    simulator.bulksmsbd.traps.timeout_every = 0
    hanging = await harness.pool.fetchval("SELECT count(*) FROM message WHERE state = 'sending'")
    assert hanging > 0
    await harness.pool.execute("UPDATE message SET lease_until = clock_timestamp() WHERE state = 'sending'")
    async with notifications(url, kafka):
        done = "count(*) FILTER (WHERE state IN ('queued', 'sending')) = 0"
        await until(harness.pool, f"count(*) = {MESSAGES} AND {done}")
    counts = await harness.counted()
    assert counts["unknown"] >= hanging
    assert counts["sent"] + counts["unknown"] == MESSAGES
    given = Counter(sms.to for sms in simulator.bulksmsbd.sent)
    assert max(given.values()) == 1
    sent = {
        row["mobile"][1:]
        for row in await harness.pool.fetch("SELECT mobile FROM message WHERE state = 'sent'")
    }
    assert sent <= given.keys()
    async with reading(database_url) as connection:
        assert await look(connection, PROMISES) == set()
    assert await harness.pool.fetchval("SELECT count(*) FROM dead_letter") == 0


async def test_no_secret_is_on_a_topic_or_in_the_log(
    harness: NotificationsHarness, simulator: SmsSimulator, database_url: str, kafka: str
) -> None:
    simulator.bulksmsbd.traps.fail_every = 2
    simulator.bulksmsbd.traps.repeats_the_key = True
    command, message = harness.configuring("bulksmsbd"), harness.message()
    in_address = f"{harness.address}/generic?k={{secret}}&to={{to}}&t={{text}}"
    key = sealed({"secret": "key-in-an-address"}, "http", PALLABI)
    second = harness.configuring("http", settings={"url": in_address}, sealed=key, operator_id=PALLABI)
    async with notifications(as_role(database_url, "notifications"), kafka) as process:
        await send(kafka, command, second)
        await send(kafka, message, harness.message(mobile="+8801811000777"), harness.testing())
        await until(harness.pool, "count(*) FILTER (WHERE state IN ('sent', 'failed')) >= 2")
        await asyncio.sleep(1)
        process.send_signal(signal.SIGTERM)
        _, log = await process.communicate()
    secrets = [simulator.api_key, "key-in-an-address", LINK, LINK.rpartition("/")[2], KEYS["notifications"]]
    for secret in (*secrets, "01711000412", "8801711000412", "8801811000777"):
        assert secret.encode() not in log, secret
    said = await everything_said(kafka)
    for secret in secrets:
        assert secret.encode() not in said, secret


async def everything_said(kafka: str) -> bytes:
    """All records of notifications' topics but the commands' own mobiles: as a consumer would read them."""
    consumer = AIOKafkaConsumer(
        *(f"notifications.{each}" for each in ("messages", "settings", "outcomes", "commands")),
        bootstrap_servers=kafka,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        found = b""
        while batch := await consumer.getmany(timeout_ms=3_000):
            found += b"".join(record.value for records in batch.values() for record in records)
        return found
    finally:
        await consumer.stop()
