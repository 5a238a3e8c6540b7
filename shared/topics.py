"""Making topics on the broker, as declared in `shared.contracts.topics`."""

from __future__ import annotations

from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, for_code

from shared.contracts.topics import Topic
from shared.kafka import Kafka

ALREADY_EXISTS = 36
TIMESTAMP_TYPE, LOG_APPEND_TIME = "message.timestamp.type", "LogAppendTime"


async def create_topics(kafka: Kafka, topics: Iterable[Topic]) -> list[str]:
    """Create the topics that are missing, with as many replicas as `kafka` says; answers their names.

    Existing ones stay as they are.
    """
    admin = AIOKafkaAdminClient(**kafka.aiokafka())
    await admin.start()
    try:
        existing = set(await admin.list_topics())
        missing = [topic for topic in topics if topic.name not in existing]
        if missing:
            _check(
                await admin.create_topics([new_topic(topic, kafka.replication_factor) for topic in missing])
            )
        return [topic.name for topic in missing]
    finally:
        await admin.close()


async def is_read_by(kafka: Kafka, group: str, topic: str) -> bool:
    """Whether a consumer group has committed everything that the topic holds now."""
    admin, reader = AIOKafkaAdminClient(**kafka.aiokafka()), AIOKafkaConsumer(**kafka.aiokafka())
    await admin.start()
    try:
        await reader.start()
        described = await admin.describe_topics([topic])
        places = [TopicPartition(topic, each["partition"]) for each in described[0]["partitions"]]
        starts, ends = await reader.beginning_offsets(places), await reader.end_offsets(places)
        taken = await admin.list_consumer_group_offsets(group)
        return all(
            ends[place] == starts[place] or (place in taken and taken[place].offset >= ends[place])
            for place in places
        )
    finally:
        await reader.stop()
        await admin.close()


def new_topic(topic: Topic, replication: int) -> NewTopic:
    """Return a topic as it is made: what is acknowledged outlives one broker where there are three."""
    configs = {"retention.ms": str(topic.retention_ms), "cleanup.policy": "delete"}
    if topic.is_written_by_others:
        configs[TIMESTAMP_TYPE] = LOG_APPEND_TIME
    if replication > 1:
        configs["min.insync.replicas"] = str(replication - 1)
    made = NewTopic(topic.name, topic.partitions, abs(replication), topic_configs=configs)
    # The library takes no -1 from a caller; brokers have since 2.4 (KIP-464).
    made.replication_factor = replication
    return made


def _check(response: object) -> None:
    for error in getattr(response, "topic_errors", ()):
        name, code = error[0], error[1]
        if code not in (0, ALREADY_EXISTS):
            kind: type[KafkaError] = for_code(code)
            raise kind(name)
