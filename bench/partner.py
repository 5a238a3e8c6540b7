"""Partner events: how many a second, and how long from an event to the bill that shows it."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer

from bench.cpu import Meter, each, shares
from bench.figures import Row, percentile, spread
from bench.quiet import settle
from bench.stack import Stack
from shared.contracts.topics import Topic
from shared.kafka import Kafka
from shared.topics import create_topics

PARTNER = "bench"
TOPIC, UNREAD = f"partner.{PARTNER}.payments", "bench.unread"
FIRST = 100
PACED = 2_500
PACED_A_SECOND = 500

NUMBERS = """
SELECT id, number, total_minor FROM gateway.bill
 WHERE status = 'unpaid' ORDER BY id LIMIT $1
"""

PAID = """
SELECT coalesce(sum(bills), 0) FROM gateway.bill_total
 WHERE status = 'paid' AND package_id = '00000000-0000-0000-0000-000000000000'
   AND operator_id = (SELECT id FROM gateway.operator WHERE parent_id IS NULL)
"""

NOW_PAID = "SELECT id FROM gateway.bill WHERE id = ANY ($1::uuid[]) AND status = 'paid'"


async def measure(stack: Stack, events: int) -> AsyncIterator[Row]:
    """A flood for the rate, then a steady stream for the delay, once the partner is known."""
    stack.command("partners", "add", PARTNER, "--operator", "ISP")
    connection = await asyncpg.connect(stack.database_url)
    producer = AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap_servers, acks="all", linger_ms=5)
    await producer.start()
    try:
        bills = await connection.fetch(NUMBERS, FIRST + events + PACED)
        first, flood, steady = bills[:FIRST], bills[FIRST:-PACED], bills[-PACED:]
        # Until a new partner's topic is found and shared out, seconds pass that are not an event's.
        await _flood(connection, producer, first)
        await create_topics(Kafka(stack.kafka_bootstrap_servers), [Topic(UNREAD)])
        await _produce(producer, first)
        await settle(stack)
        produced = await _produce(producer, flood)
        meter = Meter(stack)
        rate = await _flood(connection, producer, flood)
        spent, served = meter.spent(), meter.served()
        yield Row(
            f"partner events, {len(flood):,} at once, to bills in the gateway",
            f"{rate:,.0f}/s, {produced / rate:.1f} × slower than producing them; {each(spent, len(flood))}; "
            f"Postgres by whom it served: {shares(served, len(flood))}",
            "≥ ¼ of the rate of producing them",
            f"produce to where nobody reads {produced:,.0f}/s",
            reached=rate >= produced / 4,
        )
        await settle(stack)
        meter = Meter(stack)
        delays = await _steady(connection, producer, steady)
        yield Row(
            f"event to visible bill at {PACED_A_SECOND}/s",
            f"{spread(delays)}; {each(meter.spent(), len(steady))}",
            "p95 ≤ 150 ms",
            reached=percentile(delays, 0.95) <= 0.15,
        )
    finally:
        await producer.stop()
        await connection.close()


async def _produce(producer: AIOKafkaProducer, bills: list[asyncpg.Record]) -> float:
    """How many a second are taken by a topic like a partner's that nobody reads."""
    started = time.perf_counter()
    await _send_all(producer, bills, UNREAD)
    return len(bills) / (time.perf_counter() - started)


async def _flood(
    connection: asyncpg.Connection[asyncpg.Record], producer: AIOKafkaProducer, bills: list[asyncpg.Record]
) -> float:
    """How many a second become paid bills, from the first one sent."""
    wanted = await connection.fetchval(PAID) + len(bills)
    started = time.perf_counter()
    await _send_all(producer, bills, TOPIC)
    while await connection.fetchval(PAID) < wanted:
        await asyncio.sleep(0.1)
    return len(bills) / (time.perf_counter() - started)


async def _steady(
    connection: asyncpg.Connection[asyncpg.Record], producer: AIOKafkaProducer, bills: list[asyncpg.Record]
) -> list[float]:
    """Send at an even pace, and look every 10 ms which bills of the view have become paid since."""
    sent: dict[Any, float] = {}
    delays: list[float] = []

    async def watch() -> None:
        while len(delays) < len(bills):
            await asyncio.sleep(0.01)
            for row in await connection.fetch(NOW_PAID, list(sent)):
                delays.append(time.perf_counter() - sent.pop(row["id"]))

    watching = asyncio.create_task(watch())
    started = time.perf_counter()
    for place, bill in enumerate(bills):
        await asyncio.sleep(max(started + place / PACED_A_SECOND - time.perf_counter(), 0))
        sent[bill["id"]] = time.perf_counter()
        await _send(producer, bill)
    await watching
    return delays


async def _send_all(producer: AIOKafkaProducer, bills: list[asyncpg.Record], topic: str) -> None:
    for future in [await _send(producer, bill, topic) for bill in bills]:
        await future


async def _send(producer: AIOKafkaProducer, bill: asyncpg.Record, topic: str = TOPIC) -> asyncio.Future[Any]:
    event = {
        "payment_id": str(uuid.uuid4()),
        "amount_minor": bill["total_minor"],
        "currency": "BDT",
        "paid_at": datetime.now(UTC).isoformat(),
        "invoice_number": bill["number"],
    }
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event["payment_id"].encode()),
        ("ce_type", b"payment.received.v1"),
        ("ce_source", b"/bench"),
        ("content-type", b"application/json"),
    ]
    future: asyncio.Future[Any] = await producer.send(
        topic,
        json.dumps(event).encode(),
        key=bill["number"].encode(),
        headers=headers,
    )
    return future
