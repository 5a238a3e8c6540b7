"""Topics as they are made: what the broker is told of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared import ids
from shared.broker_access import BrokerAccess
from shared.contracts.topics import partner_topics
from shared.kafka import Kafka
from shared.topics import create_topics


async def time_of_a_record_from_1970(kafka: str, topic: str) -> int:
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        sent = await producer.send_and_wait(topic, value=b"x", timestamp_ms=1, partition=0)
    reader = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    async with reader:
        record = await reader.getone()
    assert record.offset == sent.offset
    return int(record.timestamp)


async def test_a_record_that_a_partner_stamped_with_an_old_day_is_kept_as_long_as_others(kafka: str) -> None:
    """By its own time it would be past retention, and gone within minutes, read or not."""
    topics = partner_topics(f"p{ids.new_id().hex}")
    await create_topics(Kafka(kafka), topics)
    assert await time_of_a_record_from_1970(kafka, topics[0].name) > 1


async def test_topics_of_partners_who_were_there_before_are_stamped_by_the_broker_too(kafka: str) -> None:
    topic = replace(partner_topics(f"p{ids.new_id().hex}")[0], is_written_by_others=False)
    await create_topics(Kafka(kafka), [topic])
    access = BrokerAccess(Kafka(kafka))
    assert topic.name in await asyncio.to_thread(access.stamp_partners_records)
    assert topic.name not in await asyncio.to_thread(access.stamp_partners_records)
    assert await time_of_a_record_from_1970(kafka, topic.name) > 1
