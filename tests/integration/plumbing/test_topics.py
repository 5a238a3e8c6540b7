"""Topics as they are made: what the broker is told of them."""

from __future__ import annotations

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared import ids
from shared.contracts.topics import partner_topics
from shared.kafka import Kafka
from shared.topics import create_topics


async def test_a_record_that_a_partner_stamped_with_an_old_day_is_kept_as_long_as_others(kafka: str) -> None:
    """By its own time it would be past retention, and gone within minutes, read or not."""
    topics = partner_topics(f"p{ids.new_id().hex}")
    await create_topics(Kafka(kafka), topics)
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        sent = await producer.send_and_wait(topics[0].name, value=b"x", timestamp_ms=1, partition=0)
    reader = AIOKafkaConsumer(topics[0].name, bootstrap_servers=kafka, auto_offset_reset="earliest")
    async with reader:
        record = await reader.getone()
    assert record.offset == sent.offset
    assert record.timestamp > 1
