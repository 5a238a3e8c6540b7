"""Partner events: how many a second, and how long from an event to the bill that shows it."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer

from bench.figures import Row, spread
from bench.stack import Stack

PARTNER = "bench"
SAMPLE_EVERY = 25
PACED = 2_500
PACED_A_SECOND = 500

NUMBERS = """
SELECT id, number, total_minor FROM gateway.bill
 WHERE status = 'unpaid' ORDER BY id LIMIT $1
"""


async def measure(stack: Stack, events: int) -> list[Row]:
    """A flood for the rate, then a steady stream for the delay."""
    stack.command("partners", "add", PARTNER, "--operator", "ISP")
    connection = await asyncpg.connect(stack.database_url)
    producer = AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap_servers, acks="all", linger_ms=5)
    await producer.start()
    try:
        bills = await connection.fetch(NUMBERS, events + PACED)
        flood, steady = bills[: len(bills) - PACED], bills[len(bills) - PACED :]
        rate, produced = await _flood(connection, producer, flood)
        delays = await _steady(stack, producer, steady)
    finally:
        await producer.stop()
        await connection.close()
    return [
        Row(
            f"partner events, {len(flood):,} at once, to bills in the gateway",
            f"{rate:,.0f}/s, {produced / rate:.1f} × slower than producing them",
            "≥ 5,000/s",
            f"produce {produced:,.0f}/s",
        ),
        Row(f"event to visible bill at {PACED_A_SECOND}/s", spread(delays), "p95 ≤ 250 ms"),
    ]


async def _flood(
    connection: asyncpg.Connection[asyncpg.Record], producer: AIOKafkaProducer, bills: list[asyncpg.Record]
) -> tuple[float, float]:
    ids = [bill["id"] for bill in bills]
    started = time.perf_counter()
    for future in [await _send(producer, bill) for bill in bills]:
        await future
    produced = time.perf_counter() - started
    open_ = "SELECT count(*) FROM gateway.bill WHERE id = ANY($1) AND status <> 'paid'"
    while await connection.fetchval(open_, ids):
        await asyncio.sleep(0.1)
    return len(bills) / (time.perf_counter() - started), len(bills) / produced


async def _steady(stack: Stack, producer: AIOKafkaProducer, bills: list[asyncpg.Record]) -> list[float]:
    """Send at an even pace and ask the API for every 25th bill until it shows the payment."""
    watchers: list[asyncio.Task[float]] = []
    async with stack.client() as client:

        async def until_paid(bill_id: Any, sent: float) -> float:
            while True:
                answer = (await client.get(f"/bills/{bill_id}")).raise_for_status().json()
                if answer["status"] == "paid":
                    return time.perf_counter() - sent
                await asyncio.sleep(0.01)

        started = time.perf_counter()
        for place, bill in enumerate(bills):
            await asyncio.sleep(max(started + place / PACED_A_SECOND - time.perf_counter(), 0))
            await _send(producer, bill)
            if place % SAMPLE_EVERY == 0:
                watchers.append(asyncio.create_task(until_paid(bill["id"], time.perf_counter())))
        return list(await asyncio.gather(*watchers))


async def _send(producer: AIOKafkaProducer, bill: asyncpg.Record) -> asyncio.Future[Any]:
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
        f"partner.{PARTNER}.payments",
        json.dumps(event).encode(),
        key=bill["number"].encode(),
        headers=headers,
    )
    return future
