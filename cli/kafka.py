"""The command line's own user at Kafka."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from datetime import datetime

import click
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.fetching import Record
from shared.kafka import Kafka, WrongKafkaSettings, from_environment


def kafka_or_refuse() -> Kafka:
    """Return the broker that the environment or the stack names; refuse when neither does."""
    try:
        kafka = from_environment()
    except WrongKafkaSettings as error:
        raise click.ClickException(str(error)) from error
    # Says at every connection that PLAIN travels in the clear, which docs/security.md says once.
    logging.getLogger("aiokafka.conn").setLevel(logging.ERROR)
    if kafka is None:
        raise click.ClickException("KAFKA_BOOTSTRAP_SERVERS is not set, and no stack runs here")
    return kafka


async def places_of(kafka: Kafka, topics: list[str]) -> list[TopicPartition]:
    """Return all partitions of topics; a consumer without a subscription knows none."""
    admin = AIOKafkaAdminClient(**kafka.aiokafka())
    await admin.start()
    try:
        described = await admin.describe_topics(topics) if topics else []
    finally:
        await admin.close()
    return [
        TopicPartition(each["topic"], place["partition"])
        for each in described
        for place in each["partitions"]
    ]


async def said_since(kafka: Kafka, topic: str, moment: datetime) -> AsyncGenerator[Record, None]:
    """Return what a topic holds since a moment, in the order of each partition, up to its end of now."""
    reader = AIOKafkaConsumer(**kafka.aiokafka(), isolation_level="read_committed", enable_auto_commit=False)
    await reader.start()
    try:
        places = await places_of(kafka, [topic])
        reader.assign(places)
        times = dict.fromkeys(places, int(moment.timestamp() * 1_000))
        starts = {place: at.offset for place, at in (await reader.offsets_for_times(times)).items() if at}
        if not starts:
            return  # a reader that is assigned nothing waits for ever
        ends = await reader.end_offsets(places)
        reader.assign([*starts])
        for place, offset in starts.items():
            reader.seek(place, offset)
        while any([await reader.position(place) < ends[place] for place in starts]):
            for records in (await reader.getmany(timeout_ms=500)).values():
                for record in records:
                    if record.value is not None:
                        yield record
    finally:
        await reader.stop()
