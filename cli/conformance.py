"""`ispbills partners try`: send what a partner would send, and explain each receipt in words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord

from shared.contracts.partner import PaymentReceived
from shared.contracts.topics import partner_topics
from shared.ids import new_id
from shared.kafka import Kafka

ANSWER_SECONDS = 30.0
NO_RECEIPT = (
    "no receipt: this is no event of ours (no JSON object, or another type) and lies among the dead "
    "letters; or nobody answers: is payments up?"
)
EXPLAINED = {
    "recorded": "it is on the customer's account",
    "duplicate": "the same payment was known already, nothing changed: sending again is safe",
    "conflict": "this payment_id is known with another amount, currency or target; the first stands",
    "held": "kept, and not placed yet; a final receipt follows when it is placed or rejected",
    "rejected": "the event is incomplete or wrong; mend it and send it under a new payment_id",
}

WHY_HELD = {
    "unknown-invoice": "no such bill is known yet",
    "unknown-customer": "no customer has this code yet",
    "ambiguous-customer": "several customers have this code: name the bill, or ask staff to place it",
    "currency-mismatch": "the installation bills in another currency",
    "outside-reach": "the bill or customer belongs to an operator that this partner does not collect for",
    "amount-too-large": "the customer's money would be more than can be counted",
    "partner-paused": "this partner is paused; it is recorded by itself once it is resumed",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """A line of the file and what came of it."""

    line: int
    payment_id: str | None
    outcome: str | None
    explanation: str

    @property
    def is_fine(self) -> bool:
        """Whether a partner may leave it at that."""
        return self.outcome in ("recorded", "duplicate", "held")


def read_events(file: Path) -> list[tuple[int, bytes]]:
    """The events of a file with their lines: one JSON object a line, as it would be sent, right or wrong."""
    lines = enumerate(file.read_bytes().splitlines(), 1)
    return [(number, line) for number, line in lines if line.strip()]


async def try_events(kafka: Kafka, name: str, events: Sequence[tuple[int, bytes]]) -> list[Tried]:
    """Send them in their order and wait for the first receipt of each, for half a minute at most."""
    payments, receipts = partner_topics(name)
    async with _reading(kafka, receipts.name) as consumer:
        ids = [str(new_id()) for _ in events]
        await _send(kafka, payments.name, name, [body for _, body in events], ids)
        answered = await _receipts(consumer, set(ids))
    return [_explained(line, answered.get(event_id)) for (line, _), event_id in zip(events, ids, strict=True)]


async def _send(kafka: Kafka, topic: str, name: str, bodies: Sequence[bytes], ids: Sequence[str]) -> None:
    async with AIOKafkaProducer(**kafka.aiokafka(), acks="all", enable_idempotence=True) as producer:
        for body, event_id in zip(bodies, ids, strict=True):
            headers = {
                "ce_specversion": "1.0",
                "ce_id": event_id,
                "ce_source": name,
                "ce_type": PaymentReceived.type,
            }
            sent = [(header, text.encode()) for header, text in headers.items()]
            await producer.send_and_wait(topic, value=body, key=b"try", headers=sent)


@asynccontextmanager
async def _reading(kafka: Kafka, topic: str) -> AsyncIterator[AIOKafkaConsumer]:
    """A reader that stands at the end of the topic."""
    consumer = AIOKafkaConsumer(topic, **kafka.aiokafka(), isolation_level="read_committed")
    await consumer.start()
    try:
        for place in consumer.assignment():
            await consumer.position(place)
        yield consumer
    finally:
        await consumer.stop()


async def _receipts(consumer: AIOKafkaConsumer, ids: set[str]) -> dict[str, dict[str, Any]]:
    receipts: dict[str, dict[str, Any]] = {}
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while len(receipts) < len(ids):
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    for record in records:
                        receipt = _receipt(record)
                        if receipt.get("event_id") in ids:
                            receipts.setdefault(receipt["event_id"], receipt)
    except TimeoutError:
        pass  # who has none by now is told so
    return receipts


def _receipt(record: ConsumerRecord[bytes | None, bytes | None]) -> dict[str, Any]:
    receipt: dict[str, Any] = json.loads(record.value or b"{}")
    return receipt


def _explained(line: int, receipt: dict[str, Any] | None) -> Tried:
    if receipt is None:
        return Tried(line, None, None, NO_RECEIPT)
    said, outcome = receipt.get("reason"), receipt["outcome"]
    reason = f" ({said}: {WHY_HELD[said]})" if said in WHY_HELD else f" ({said})" if said else ""
    return Tried(line, receipt.get("payment_id"), outcome, EXPLAINED[outcome] + reason)
