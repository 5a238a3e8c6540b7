"""`ispbills partners try`: send what a partner would send, and explain each receipt in words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from aiokafka.errors import MessageSizeTooLargeError

from shared import deadletters
from shared.contracts.partner import PaymentReceived
from shared.contracts.topics import partner_topics
from shared.db import Pool, in_transaction
from shared.ids import new_id
from shared.kafka import Kafka

Place: TypeAlias = tuple[int, int]
Receipt: TypeAlias = dict[str, Any]

ANSWER_SECONDS = 30.0
NO_RECEIPT = "no receipt and no dead letter: is payments up?"
NO_EVENT = "no receipt: this is no event of ours and lies among the dead letters"
NOT_TAKEN = "not sent: Kafka takes no record of more than a megabyte"
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


async def try_events(pool: Pool, kafka: Kafka, name: str, events: Sequence[tuple[int, bytes]]) -> list[Tried]:
    """Send them in their order and wait for what becomes of each, for half a minute at most.

    That is its first receipt, or the letter by which payments, whose `pool` it is, says why there is none.
    """
    payments, receipts = partner_topics(name)
    async with _reading(kafka, receipts.name) as consumer:
        sent = await _send(kafka, payments.name, name, [body for _, body in events])
        places = {event_id: place for event_id, place in sent if place is not None}
        ends = await _ends(consumer, pool, payments.name, places)
    return [
        _explained(line, ends.get(event_id, NO_RECEIPT if event_id in places else NOT_TAKEN))
        for (line, _), (event_id, _) in zip(events, sent, strict=True)
    ]


async def _send(
    kafka: Kafka, topic: str, name: str, bodies: Sequence[bytes]
) -> list[tuple[str, Place | None]]:
    """Return the id and the place of each; None for what is too large."""
    sent: list[tuple[str, Place | None]] = []
    async with AIOKafkaProducer(**kafka.aiokafka(), acks="all", enable_idempotence=True) as producer:
        for body in bodies:
            event_id, place = str(new_id()), None
            headers = {
                "ce_specversion": "1.0",
                "ce_id": event_id,
                "ce_source": name,
                "ce_type": PaymentReceived.type,
            }
            encoded = [(header, text.encode()) for header, text in headers.items()]
            with suppress(MessageSizeTooLargeError):
                at = await producer.send_and_wait(topic, value=body, key=b"try", headers=encoded)
                place = (at.partition, at.offset)
            sent.append((event_id, place))
    return sent


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


async def _ends(
    consumer: AIOKafkaConsumer, pool: Pool, topic: str, places: Mapping[str, Place]
) -> dict[str, Receipt | str]:
    """Return what became of events by their ids: the first receipt, or why there will be none."""
    ends: dict[str, Receipt | str] = {}
    with suppress(TimeoutError):  # what has no end by then is told so
        async with asyncio.timeout(ANSWER_SECONDS):
            while len(ends) < len(places):
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    for receipt in map(_receipt, records):
                        if receipt.get("event_id") in places:
                            ends.setdefault(receipt["event_id"], receipt)
                letters = await _letters(pool, topic)
                unread = {each: letters[place] for each, place in places.items() if place in letters}
                ends |= {each: f"{NO_EVENT} ({reason})" for each, reason in unread.items()}
    return ends


async def _letters(pool: Pool, topic: str) -> dict[Place, str]:
    async with in_transaction(pool) as tx:
        letters = await deadletters.list_open(tx)
    return {(each.partition, each.offset): each.reason for each in letters if each.topic == topic}


def _receipt(record: ConsumerRecord[bytes | None, bytes | None]) -> Receipt:
    receipt: Receipt = json.loads(record.value or b"{}")
    return receipt


def _explained(line: int, end: Receipt | str) -> Tried:
    if isinstance(end, str):
        return Tried(line, None, None, end)
    said, outcome = end.get("reason"), end["outcome"]
    reason = f" ({said}: {WHY_HELD[said]})" if said in WHY_HELD else f" ({said})" if said else ""
    return Tried(line, end.get("payment_id"), outcome, EXPLAINED[outcome] + reason)
