"""bKash as a partner system: it writes the payments that it took to its own topic."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaProducer

from devstack.demo.cast import PARTNER, SEED
from shared.contracts.topics import partner_topics
from shared.kafka import Kafka
from shared.topics import create_topics

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, f"{SEED}.ispbills.test")


async def open_topics(kafka: Kafka) -> None:
    """Make on the broker what `ispbills partners add` makes."""
    await create_topics(kafka, partner_topics(PARTNER))


async def send(kafka: Kafka, payments: Iterable[dict[str, Any]]) -> None:
    """Say each payment as a CloudEvent; said again, it is a duplicate and changes nothing."""
    producer = AIOKafkaProducer(**kafka.aiokafka(), acks="all", enable_idempotence=True)
    await producer.start()
    try:
        for payment in payments:
            event_id = str(uuid.uuid5(_NAMESPACE, payment["payment_id"]))
            headers = {
                "ce_specversion": "1.0",
                "ce_id": event_id,
                "ce_type": "payment.received.v1",
                "ce_source": PARTNER,
                "ce_time": payment["paid_at"],
                "content-type": "application/json",
            }
            await producer.send(
                f"partner.{PARTNER}.payments",
                value=json.dumps(payment).encode(),
                key=payment["payment_id"].encode(),
                headers=[(name, value.encode()) for name, value in headers.items()],
            )
        await producer.flush()
    finally:
        await producer.stop()
