"""A partition that cannot be read is set aside alone, said aloud, and stepped over by command."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from confluent_kafka import Producer
from prometheus_client import REGISTRY

from shared import deadletters, fetching, health, setaside
from shared.batches import end_in
from shared.packed_batches import LARGEST_BATCH_BYTES
from shared.service import Service
from shared.setaside import NoSuchPartition, PartitionSetAside, StepBack
from tests import patience
from tests.batches import send_bytes, with_an_odd_header_name
from tests.integration.plumbing.road import Road, good, send_raw
from tests.integration.plumbing.test_reading import committed, produce
from tests.stores import MEMORY


def odd_amounts(topic: str, amounts: list[int]) -> bytes:
    """A batch of amounts whose last record has a header name that is no UTF-8."""
    return with_an_odd_header_name([good(amount, topic) for amount in amounts])


async def held(road: Road) -> PartitionSetAside:
    async with asyncio.timeout(patience.SECONDS):
        while True:
            async with road.pool.acquire() as tx:
                if found := await setaside.list_open(tx):
                    return found[0]
            await asyncio.sleep(0.1)


async def step_over(road: Road, skip_to: int | None = None) -> int:
    async with road.pool.acquire() as tx:
        return await setaside.step_over(tx, TopicPartition(road.topic, 0), skip_to)


async def until_none_is_held(road: Road) -> None:
    async with asyncio.timeout(patience.SECONDS):
        while True:
            async with road.pool.acquire() as tx:
                if not await setaside.list_open(tx):
                    return
            await asyncio.sleep(0.1)


async def send_to(kafka: str, topic: str, partition: int, amount: int) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        value, headers = good(amount, topic)
        await producer.send_and_wait(topic, value=value, headers=headers, partition=partition)


async def test_a_header_name_that_is_no_text_sets_its_partition_aside_alone(road: Road, kafka: str) -> None:
    await send_raw(kafka, road.topic, [good(1, road.topic)])
    await send_bytes(kafka, road.topic, odd_amounts(road.topic, [2, 4, 1_000]))
    await send_raw(kafka, road.topic, [good(8, road.topic)])
    async with road.open() as service:
        for partition in (1, 2):
            await send_to(kafka, road.topic, partition, 16 * partition)
        await road.until(1 + 2 + 4 + 16 + 32)
        partition = await held(road)
        assert (partition.topic, partition.partition, partition.offset) == (road.topic, 0, 3)
        assert partition.next_offset == 4
        assert partition.handler == road.topic
        await says_so(service, partition)
        await tells_a_stranger_no_more_than_whether_it_is_ready(service)
        await send_to(kafka, road.topic, 1, 64)
        await road.until(55 + 64)
        assert await committed(road, kafka) == 3
        assert await step_over(road) == 4
        await road.until(55 + 64 + 8)
        await until_none_is_held(road)
        assert service.troubles() == []
        await send_to(kafka, road.topic, 0, 128)
        await road.until(55 + 64 + 8 + 128)
        assert await committed(road, kafka) == 6


async def says_so(service: Service, partition: PartitionSetAside) -> None:
    (trouble,) = service.troubles()
    assert (trouble["topic"], trouble["partition"], trouble["offset"]) == (
        partition.topic, partition.partition, partition.offset,
    )  # fmt: skip
    assert trouble["since"] == partition.first_seen.isoformat()
    assert trouble["reason"] == partition.reason
    place = {"subscription": partition.handler, "topic": partition.topic, "partition": "0"}
    assert REGISTRY.get_sample_value("ispbills_partition_set_aside", place) == 1
    (consumer,) = service.consumers
    assert await consumer.lag() == 0


async def tells_a_stranger_no_more_than_whether_it_is_ready(service: Service) -> None:
    """Where metrics have a port of their own, the other one is public."""
    inside, settings = health.app_for(service, None, lambda: None), service.settings
    service.settings = settings.model_copy(update={"metrics_port": 9090})
    public, service.settings = health.app_for(service, None, lambda: None), settings
    shown = []
    for app in (inside, public):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://any.test") as stranger:
            shown.append((await stranger.get("/health/ready")).json())
    assert shown == [{"status": "ready", "partitions": service.troubles()}, {"status": "ready"}]


def corrupt(topic: str, needle: bytes) -> bool:
    """Flip a bit of the log on the broker's disk; False where that is out of reach."""
    homes = (tempfile.gettempdir(), MEMORY)
    for log in (log for home in homes for log in Path(home).glob(f"ispbills-tests-*/**/{topic}-0/*.log")):
        raw = log.read_bytes()
        with log.open("r+b") as file:
            file.seek(raw.index(needle))
            file.write(bytes([needle[0] ^ 1]))
        return True
    return False


async def test_a_batch_that_was_corrupted_on_disk_sets_its_partition_aside_alone(
    road: Road, kafka: str
) -> None:
    await send_raw(kafka, road.topic, [good(1, road.topic), good(77_777, road.topic), good(2, road.topic)])
    if not corrupt(road.topic, b"77777"):
        pytest.skip("the broker's disk is out of reach")
    await send_to(kafka, road.topic, 1, 4)
    async with road.open():
        await road.until(5)
        partition = await held(road)
        assert (partition.offset, partition.next_offset) == (1, 2)
        assert "CRC" in partition.reason
        with pytest.raises(StepBack):
            await step_over(road, 1)
        await step_over(road, 2)
        await road.until(7)


async def test_a_codec_that_is_not_there_sets_its_partition_aside_until_it_is(road: Road, kafka: str) -> None:
    await asyncio.to_thread(produce, road, kafka, [10] * 100, {"compression.type": "zstd"})
    await send_to(kafka, road.topic, 1, 4)
    with patch("aiokafka.codec.has_zstd", lambda: False):
        async with road.open():
            await road.until(4)
            partition = await held(road)
            assert partition.offset == 0
            assert "zstd" in partition.reason
    async with road.open() as service:
        await road.until(1_004)
        service.consumers[0]._fetching._tend_at = 0.0
        await until_none_is_held(road)


async def test_a_step_is_remembered_by_a_replica_that_meets_the_place_again(road: Road, kafka: str) -> None:
    await send_bytes(kafka, road.topic, odd_amounts(road.topic, [1_000]))
    await send_raw(kafka, road.topic, [good(8, road.topic)])
    place = TopicPartition(road.topic, 0)
    async with road.pool.acquire() as tx:
        await setaside.hold(tx, place, road.topic, 0, 1, "another replica's")
        await setaside.step_over(tx, place)
        await setaside.close(tx, place, road.topic)
    async with road.open():
        await road.until(8)
    assert await road.pool.fetchval("SELECT count(*) FROM partition_set_aside") == 1


async def delete_before(kafka: str, place: TopicPartition, offset: int) -> None:
    """Forget what lies before, as Kafka does once its time is over."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.delete_records({place: RecordsToDelete(before_offset=offset)})
    finally:
        await admin.close()


@pytest.mark.parametrize("is_fresh", [True, False], ids=["by a fresh process", "by its own"])
async def test_what_kafka_deletes_of_a_partition_set_aside_is_told_by_a_letter(
    road: Road, kafka: str, monkeypatch: pytest.MonkeyPatch, is_fresh: bool
) -> None:
    if not is_fresh:
        monkeypatch.setattr(fetching, "TRY_AGAIN_SECONDS", 0.0)
        monkeypatch.setattr(fetching, "TEND_WHEN_WELL_SECONDS", 0.5)
    place = TopicPartition(road.topic, 0)
    await send_bytes(kafka, road.topic, odd_amounts(road.topic, [1, 1_000]))
    await send_raw(kafka, road.topic, [good(amount, road.topic) for amount in (2, 4)])
    async with road.open():
        partition = await held(road)
        assert partition.offset == 1
        if not is_fresh:
            await delete_before(kafka, place, 3)
            await until_none_is_held(road)
            await road.until(1 + 4)
    if is_fresh:
        await delete_before(kafka, place, 3)
        async with road.open():
            await road.until(1 + 4)
            await until_none_is_held(road)
    async with road.pool.acquire() as tx:
        (letter,) = await deadletters.list_open(tx)
    assert (letter.topic, letter.partition, letter.offset) == (road.topic, 0, 1)
    assert letter.reason.startswith("offsets 1 to 2 were deleted by Kafka before they were read")
    assert partition.reason in letter.reason


async def test_only_what_is_set_aside_can_be_stepped_over(road: Road) -> None:
    with pytest.raises(NoSuchPartition):
        await step_over(road)


def test_the_end_of_a_batch_is_read_from_its_header() -> None:
    raw = odd_amounts("any", [1, 2, 3])
    assert end_in(raw, 2) == 3
    assert end_in(raw * 2, 0) == 3
    assert end_in(b"\x00" * 100, 0) is None
    assert end_in(raw[:20], 0) is None


@pytest.mark.parametrize("codec", ["gzip", "lz4", "zstd"])
async def test_a_batch_that_would_take_all_memory_unpacked_sets_its_partition_aside_alone(
    codec: str, road: Road, kafka: str
) -> None:
    """Packed they are smaller than a usual batch; unpacked the second is more than a reader takes."""
    roomy = {"message.max.bytes": 500_000_000, "compression.type": codec, "bootstrap.servers": kafka}
    producer = Producer(roomy)
    for amount, blanks in ((1, LARGEST_BATCH_BYTES // 2), (2, LARGEST_BATCH_BYTES), (4, 0)):
        value, headers = good(amount, road.topic)
        producer.produce(road.topic, value=value + b" " * blanks, headers=list(headers), partition=0)
        producer.flush()
    async with road.open():
        await send_to(kafka, road.topic, 1, 8)
        await road.until(1 + 8)
        partition = await held(road)
        assert (partition.topic, partition.partition, partition.offset) == (road.topic, 0, 1)
        assert "33,554,432 bytes" in partition.reason
        assert await step_over(road) == 2
        await road.until(1 + 8 + 4)
        await until_none_is_held(road)
