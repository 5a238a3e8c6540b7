"""Batches of records as nobody's library would write them: what no reader of ours can decode."""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka import TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c

from tests.patience import until

ATTRIBUTES_AT, CRC_AT = 21, 17


def with_an_odd_header_name(
    records: Sequence[tuple[bytes | None, Sequence[tuple[str, bytes | None]]]],
) -> bytes:
    """A batch of records (value, headers) whose last has a header name that is no UTF-8."""
    builder = DefaultRecordBatchBuilder(
        magic=2, compression_type=0, is_transactional=0, producer_id=-1, producer_epoch=-1, base_sequence=-1,
        batch_size=65_536,
    )  # fmt: skip
    for position, (value, headers) in enumerate(records):
        odd = [("NAME", b"x")] if position == len(records) - 1 else []
        builder.append(position, timestamp=1, key=b"k", value=value, headers=[*headers, *odd])
    raw = bytearray(builder.build()).replace(b"NAME", b"\xff\xfe\xfd\xfc")
    raw[CRC_AT:ATTRIBUTES_AT] = calc_crc32c(bytes(raw[ATTRIBUTES_AT:])).to_bytes(4, "big")
    return bytes(raw)


async def send_bytes(kafka: str, topic: str, batch: bytes) -> None:
    """Write a batch as it is to the first partition of a topic."""
    client = AIOKafkaClient(bootstrap_servers=kafka)
    await client.bootstrap()
    try:
        await client.force_metadata_update()
        client.add_topic(topic)

        async def leader() -> str | None:
            await client.force_metadata_update()
            node_id = client.cluster.leader_for_partition(TopicPartition(topic, 0))
            return None if node_id in {None, -1} else str(node_id)

        node_id = int(await until(leader, f"{topic} has a leader"))
        response = await client.send(node_id, ProduceRequest(None, -1, 10_000, [(topic, [(0, batch)])]))
        assert response.topics[0][1][0][1] == 0, response
    finally:
        await client.close()
