"""A topic, a service that adds up what it hears, and ways to speak to it."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar

from aiokafka import AIOKafkaProducer

from shared import inbox, outbox
from shared.consumer import Subscription, refuse_command
from shared.contracts.envelope import Message, ProcessReported, Received
from shared.db import Pool, Tx
from shared.ids import new_id
from shared.outbox import Said
from shared.service import Service
from shared.settings import ServiceSettings
from tests import patience


class Counted(Message):
    """A message whose effect adds up, so that a second delivery would show."""

    type: ClassVar[str] = "counted.v1"
    topic: ClassVar[str] = "set by each test"

    to: str
    amount: int

    def destination(self) -> str:
        return self.to

    def key(self) -> str:
        return str(self.amount % 7)


async def silently(_tx: Tx, _report: ProcessReported) -> None:
    """Say nothing, so that the outbox holds what a test said and no more."""


class Road:
    """A topic, a service that adds up what it hears, and ways to speak to it."""

    def __init__(self, pool: Pool, settings: ServiceSettings, topic: str) -> None:
        self.pool, self.settings, self.topic = pool, settings, topic
        self.fail_once_with: list[Exception] = []

    async def add(self, messages: Sequence[Received[Any]], tx: Tx) -> None:
        if self.fail_once_with:
            raise self.fail_once_with.pop()
        for message in await inbox.recognise(tx, messages, "road"):
            if message.data.amount < 0:
                raise ValueError("a negative amount")
            await tx.execute("UPDATE tally SET total = total + $1, times = times + 1", message.data.amount)

    def subscription(self) -> Subscription:
        answer = refuse_command("notifications")
        return Subscription(self.topic, {Counted: self.add}, topics=(self.topic,), on_parked=answer)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Service]:
        service = Service(
            "notifications", self.settings, subscriptions=[self.subscription()], report=silently
        )
        async with service.running():
            yield service

    async def say(self, amounts: Sequence[int], lane: int = 0) -> None:
        async with self.pool.acquire() as tx, tx.transaction():
            await outbox.say(tx, [Said(Counted(to=self.topic, amount=amount)) for amount in amounts], lane)

    async def tally(self) -> tuple[int, int]:
        row = await self.pool.fetchrow("SELECT total, times FROM tally")
        return row["total"], row["times"]

    async def until(self, total: int) -> None:
        async with asyncio.timeout(patience.SECONDS):
            while (await self.tally())[0] != total:
                await asyncio.sleep(0.05)


async def send_raw(
    kafka: str, topic: str, records: Sequence[tuple[bytes | None, list[tuple[str, Any]]]]
) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        for value, headers in records:
            await producer.send_and_wait(topic, value=value, key=b"k", headers=headers, partition=0)


def good(
    amount: int, topic: str, message_id: uuid.UUID | None = None
) -> tuple[bytes, list[tuple[str, bytes]]]:
    headers = [("ce_id", str(message_id or new_id()).encode()), ("ce_type", b"counted.v1")]
    return json.dumps({"to": topic, "amount": amount}).encode(), headers
