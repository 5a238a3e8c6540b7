"""Messages: how many a second leave by a provider that refuses each tenth call and answers no fiftieth.

The provider is simulated in a process of its own; one replica of notifications sends. The rate is that of
the first tries: calls that are never answered (20 s each) are most of it. What is refused waits longer
and longer before it is tried again, and is told apart: after three refusals a message waits for ten minutes.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
from aiokafka import AIOKafkaProducer

from bench.figures import Row
from bench.stack import Stack
from devstack import environment
from devstack.simulators.sms import SmsSimulator
from shared.contracts.envelope import Actor, Command
from shared.contracts.notifications import ConfigureSmsGateway, SendMessage
from shared.sealing import seal

BENCH = Actor(kind="system", name="bench")
OPERATOR = "SELECT id FROM gateway.operator WHERE parent_id IS NULL"
IN_LINE = "SELECT count(*) = {messages} FROM notifications.message WHERE invoice_id = '{mark}'"
NOTHING_UNDER_WAY = """
SELECT NOT EXISTS (SELECT FROM notifications.message
                    WHERE invoice_id = '{mark}' AND state IN ('queued', 'sending'))
"""
ALL_TRIED = """
SELECT NOT EXISTS (SELECT FROM notifications.message
                    WHERE invoice_id = '{mark}' AND state IN ('queued', 'sending') AND tries = 0)
"""
COUNTS = "SELECT state, count(*) FROM notifications.message WHERE invoice_id = $1 GROUP BY state"


async def measure(stack: Stack, messages: int) -> AsyncIterator[Row]:
    """Send so many and count: what was sent, what nobody knows, what was sent twice."""
    mark = uuid.uuid4()
    connection = await asyncpg.connect(stack.database_url)
    producer = AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap_servers, acks="all", linger_ms=5)
    await producer.start()
    try:
        with _provider() as address:
            operator_id = await connection.fetchval(OPERATOR)
            seals = Seals(_public_key(stack), operator_id)
            await _say(producer, [_gateway(seals, address)])
            await _until(connection, "SELECT count(*) > 0 FROM notifications.sms_gateway")
            commands = [_message(seals, mark, number) for number in range(messages)]
            started = time.perf_counter()
            await _say(producer, commands)
            await _until(connection, IN_LINE.format(mark=mark, messages=messages))
            in_line = time.perf_counter() - started
            await _until(connection, ALL_TRIED.format(mark=mark))
            tried = time.perf_counter() - started
            await _until(connection, NOTHING_UNDER_WAY.format(mark=mark))
            took = time.perf_counter() - started
            async with httpx.AsyncClient() as client:
                given = (await client.get(f"{address}/given.json")).json()
        counts: dict[str, int] = dict(map(tuple, await connection.fetch(COUNTS, mark)))
    finally:
        await producer.stop()
        await connection.close()
    yield Row(
        f"{messages:,} messages; every 10th call is refused, every 50th not answered",
        f"{messages / tried:,.0f}/s; {counts.get('sent', 0):,} sent, "
        f"{counts.get('unknown', 0):,} unknown, {given['twice']:,} twice",
        "each once, or unknown",
        f"put in line at {messages / in_line:,.0f}/s; the last refused one ended after {took:,.0f} s",
        not given["twice"] and counts.get("sent", 0) + counts.get("unknown", 0) == messages,
    )


@dataclass(frozen=True)
class Seals:
    """The seal of notifications, for one operator."""

    public_key: str
    operator_id: uuid.UUID

    def seal(self, secret: dict[str, str], provider: str) -> str:
        return seal(
            self.public_key,
            secret,
            service="notifications",
            operator_id=self.operator_id,
            provider=provider,
            at=datetime.now(UTC),
        )


def _public_key(stack: Stack) -> str:
    told = environment.read(Path(stack.environment["ISPBILLS_STATE_DIR"]))
    return told["GATEWAY_NOTIFICATIONS_SEALING_PUBLIC_KEY"]


def _gateway(seals: Seals, address: str) -> ConfigureSmsGateway:
    return ConfigureSmsGateway(
        actor=BENCH,
        gateway_id=uuid.uuid4(),
        operator_id=seals.operator_id,
        provider="bulksmsbd",
        base_url=address,
        settings={"sender_id": "BENCH"},
        sealed=seals.seal({"api_key": SmsSimulator().api_key}, "bulksmsbd"),
        cost_per_segment_minor=35,
    )


def _message(seals: Seals, mark: uuid.UUID, number: int) -> SendMessage:
    return SendMessage(
        actor=BENCH,
        message_id=uuid.uuid4(),
        customer_id=uuid.uuid4(),
        operator_id=seals.operator_id,
        invoice_id=mark,
        mobile=f"+88017{number:08d}",
        template="payment-link",
        values={"customer": f"Customer {number}", "balance": "1,050.00", "due": "10 Dec"},
        sealed_url=seals.seal({"url": f"http://127.0.0.1/pay/{number:022d}"}, "link"),
        bulk_action_id=mark,
    )


async def _say(producer: AIOKafkaProducer, commands: Sequence[Command]) -> None:
    futures = []
    for command in commands:
        headers = {
            "ce_specversion": "1.0",
            "ce_id": str(uuid.uuid4()),
            "ce_type": command.type,
            "ce_source": "/bench",
            "ce_time": datetime.now(UTC).isoformat(),
            "ce_lane": "1",
        }
        futures.append(
            await producer.send(
                command.destination(),
                command.model_dump_json().encode(),
                key=command.key().encode(),
                headers=[(name, value.encode()) for name, value in headers.items()],
            )
        )
    for future in futures:
        await future


async def _until(connection: asyncpg.Connection[asyncpg.Record], question: str) -> None:
    while not await connection.fetchval(question):
        await asyncio.sleep(0.1)


@contextmanager
def _provider() -> Iterator[str]:
    command = [sys.executable, "-m", "devstack.simulators.sms", "--fail-every", "10", "--timeout-every", "50"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
