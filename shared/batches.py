"""The extent of a batch that cannot be read, from its header: where a partition can be read on."""

from __future__ import annotations

import struct
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.protocol.fetch import FetchRequest

log = structlog.get_logger()

# Base offset, length, leader's epoch, magic, CRC, attributes, last offset's delta.
# Source: https://kafka.apache.org/documentation/#recordbatch
_HEADER = struct.Struct(">qiibIhi")
_MAGIC = 2
_UNCOMMITTED = 0
_MOST_BYTES = 64 * 1024


async def end_of_batch(consumer: AIOKafkaConsumer, place: TopicPartition, offset: int) -> int | None:
    """The offset behind the batch that holds `offset`; None where even its header makes no sense."""
    request = FetchRequest(
        500, 1, _MOST_BYTES, _UNCOMMITTED, [(place.topic, [(place.partition, offset, _MOST_BYTES)])]
    )
    # The consumer's own connections: they are signed in, and no public call answers undecoded bytes.
    client = consumer._client
    node_id = client.cluster.leader_for_partition(place)
    if node_id is None or node_id < 0:
        return None
    try:
        response = await client.send(node_id, request)
    except KafkaError as error:
        log.warning("batch not fetched", place=str(place), error=repr(error))
        return None
    return end_in(_bytes_of(response), offset)


def end_in(raw: bytes, offset: int) -> int | None:
    """The end of the batch that holds `offset` within fetched bytes."""
    at = 0
    while len(raw) - at >= _HEADER.size:
        base, length, _, magic, _, _, last = _HEADER.unpack_from(raw, at)
        if magic != _MAGIC or length <= 0 or last < 0:
            return None
        if base <= offset <= base + last:
            return int(base + last + 1)
        at += 12 + length
    return None


def _bytes_of(response: Any) -> bytes:
    for _, partitions in response.topics:
        for *_, raw in partitions:
            return raw or b""
    return b""
