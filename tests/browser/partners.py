"""Partners of a stack under a browser: what they write to Kafka, as any program may."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiokafka import AIOKafkaProducer

from tests.journeys.stack import Body, Record


def in_another_thread(work: Coroutine[Any, Any, None]) -> None:
    """Playwright's loop runs in this one."""
    with ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, work).result()


async def publish(kafka: str, partner: str, records: Sequence[Record]) -> None:
    """Write one after another to the first partition of what a partner says."""
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all") as producer:
        for value, headers in records:
            await producer.send_and_wait(f"partner.{partner}.payments", value, headers=headers, partition=0)


def payment_for(customer: str, amount_minor: int) -> Body:
    return {
        "payment_id": uuid.uuid4().hex, "amount_minor": amount_minor, "currency": "BDT",
        "paid_at": "2026-01-02T10:00:00Z", "customer_code": customer,
    }  # fmt: skip
