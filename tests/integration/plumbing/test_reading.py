"""Reading what others write: each record ends as a message or parked, and nothing is committed past."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
import uvloop
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.conn import create_conn
from aiokafka.errors import KafkaConnectionError, KafkaError
from aiokafka.protocol.admin import ApiVersionRequest
from confluent_kafka import Producer
from prometheus_client import REGISTRY

from shared import deadletters
from shared.broken_connections import expect_closed_transports
from shared.consumer import Consumer, Record
from shared.contracts.envelope import Received
from shared.db import Tx
from shared.ids import new_id
from shared.kafka import Kafka
from tests import patience
from tests.integration.plumbing.road import Counted, Road, good, send_raw


async def committed(road: Road, kafka: str, partition: int = 0) -> int:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, group_id=f"notifications.{road.topic}", enable_auto_commit=False
    )
    await consumer.start()
    try:
        return await consumer.committed(TopicPartition(road.topic, partition)) or 0
    finally:
        await consumer.stop()


def brought(topic: str, amount: int, **differs: Any) -> Record:
    value, headers = good(amount, topic)
    record: Record = ConsumerRecord(
        topic=topic, partition=0, offset=7, timestamp=1, timestamp_type=0, key=b"k", value=value,
        checksum=None, serialized_key_size=1, serialized_value_size=len(value), headers=tuple(headers),
    )  # fmt: skip
    return replace(record, **differs)


async def test_a_header_name_with_a_nul_takes_nobody_along_and_is_kept_as_bytes(
    road: Road, kafka: str
) -> None:
    value, headers = good(-5, road.topic)
    odd: list[tuple[str, Any]] = [*headers, ("nul\x00 in a name", b"\x00\xff"), ("", None)]
    fine = (good(100, road.topic)[0], [*good(100, road.topic)[1], ("nul\x00", b"\x00")])
    await send_raw(
        kafka, road.topic, [good(1, road.topic), (value, odd), (b"{\x00", odd), fine, good(2, road.topic)]
    )
    async with road.open():
        await road.until(103)
    async with road.pool.acquire() as tx:
        letters = await deadletters.list_open(tx)
        assert len(letters) == 2
        for each in letters:
            letter = await deadletters.read(tx, each.id)
            assert letter is not None
            assert list(letter.headers) == odd


async def test_a_reason_that_no_database_takes_can_be_parked(road: Road) -> None:
    for offset, reason in enumerate(("a \x00 b", "a \ud800 b", "x" * 10_000)):
        async with road.pool.acquire() as tx:
            await deadletters.park(tx, brought(road.topic, 1, offset=offset), "any", reason)
    async with road.pool.acquire() as tx:
        assert len(await deadletters.list_open(tx)) == 3


async def test_whatever_reading_raises_parks_the_record_alone(road: Road) -> None:
    def read(record: Record) -> Any:
        if record.offset == 3:
            raise OverflowError("date value out of range")

    consumer = Consumer("notifications", replace(road.subscription(), read=read), road.pool)
    records = [brought(road.topic, 1, offset=offset) for offset in range(5)]
    assert len(await consumer.handle(records)) == 5
    async with road.pool.acquire() as tx:
        (letter,) = await deadletters.list_open(tx)
    assert (letter.offset, letter.reason) == (3, "OverflowError: date value out of range")


async def test_new_poison_at_an_old_place_is_another_letter(road: Road) -> None:
    async with road.pool.acquire() as tx:
        for timestamp, value in ((1, b"old"), (2, b"new"), (2, b"new")):
            record = brought(road.topic, 1, timestamp=timestamp, value=value)
            await deadletters.park(tx, record, "any", "poison")
        letters = [await deadletters.read(tx, each.id) for each in await deadletters.list_open(tx)]
    assert [(each.value, each.attempts) for each in letters if each] == [(b"old", 1), (b"new", 2)]


async def test_what_escapes_is_never_committed_past_and_the_process_ends(road: Road, kafka: str) -> None:
    given_up: list[str] = []
    await send_raw(kafka, road.topic, [good(1, road.topic), good(-5, road.topic), good(2, road.topic)])

    def fails(*_: Any) -> None:
        raise ValueError("parking fails")

    with patch("shared.deadletters.park", fails):
        async with road.open() as service, asyncio.timeout(patience.SECONDS):
            service.consumers[0].give_up = given_up.append
            await send_raw(kafka, road.topic, [good(4, road.topic)])
            while not given_up:
                await asyncio.sleep(0.05)
    assert await committed(road, kafka) == 0
    async with road.open():
        async with asyncio.timeout(patience.SECONDS):
            while await committed(road, kafka) < 4:
                await asyncio.sleep(0.2)
    assert await road.tally() == (7, 3)


async def test_what_no_transaction_accounts_for_is_given_back(road: Road, kafka: str) -> None:
    handle, forgotten = Consumer.handle, [1]

    async def forgetful(self: Consumer, records: Sequence[Record]) -> list[Record]:
        return (await handle(self, records))[: -forgotten.pop() if forgotten else None]

    await send_raw(kafka, road.topic, [good(1, road.topic), good(2, road.topic), good(4, road.topic)])
    with patch.object(Consumer, "handle", forgetful):
        async with road.open():
            await road.until(7)
            async with asyncio.timeout(patience.SECONDS):
                while await committed(road, kafka) < 3:
                    await asyncio.sleep(0.2)
    assert not forgotten


async def test_a_partition_with_very_much_to_say_keeps_no_other_waiting(road: Road, kafka: str) -> None:
    """Packed, ten thousand records of a partition come in one answer of Kafka's."""
    settings = {"compression.type": "zstd"}
    for partition in (0, 1):
        await asyncio.to_thread(produce, road, kafka, [1] * 10_000, settings, partition)
    await asyncio.to_thread(produce, road, kafka, [100], settings, 2)
    heard: list[int] = []

    async def hear(messages: Sequence[Received[Any]], _tx: Tx) -> None:
        heard.extend(message.data.amount for message in messages)

    small = replace(road.subscription(), handlers={Counted: hear}, max_records=100)
    with patch.object(road, "subscription", lambda: small):
        async with road.open(), asyncio.timeout(patience.SECONDS):
            while 100 not in heard:
                await asyncio.sleep(0.05)
    assert heard.index(100) < 1_000


@pytest.mark.parametrize("codec", ["none", "gzip", "snappy", "lz4", "zstd"])
async def test_every_codec_of_kafka_is_read(road: Road, kafka: str, codec: str) -> None:
    await asyncio.to_thread(produce, road, kafka, list(range(1, 101)), {"compression.type": codec})
    async with road.open():
        await road.until(5_050)


async def test_aborted_and_open_transactions_are_as_if_not_there(road: Road, kafka: str) -> None:
    producer = transactional(kafka)
    for amounts, ends in (([1, 2], "commit"), ([1_000], "abort"), ([4], "commit")):
        producer.begin_transaction()
        say(producer, road, amounts)
        if ends == "commit":
            await asyncio.to_thread(producer.commit_transaction)
        else:
            await asyncio.to_thread(producer.flush)
            await asyncio.to_thread(producer.abort_transaction)
    opened = transactional(kafka)
    opened.begin_transaction()
    say(opened, road, [10_000])
    await asyncio.to_thread(opened.flush)
    async with road.open() as service:
        await road.until(7)
        (consumer,) = service.consumers
        async with asyncio.timeout(patience.SECONDS):
            # Seven offsets: four records that count or were aborted, three markers.
            while await committed(road, kafka) < 7:
                await asyncio.sleep(0.2)
        assert await consumer.lag() == 0
        assert not await consumer.is_stuck()
        await asyncio.to_thread(opened.commit_transaction)
        await road.until(10_007)


@pytest.mark.parametrize("is_kafka_there", [True, False])
async def test_a_client_that_cannot_tell_its_lag_is_stuck_where_kafka_answers_others(
    road: Road, monkeypatch: pytest.MonkeyPatch, is_kafka_there: bool
) -> None:
    monkeypatch.setattr("shared.consumer.STUCK_AFTER_SECONDS", 0.0)
    monkeypatch.setattr("shared.consumer.LAG_SECONDS_AT_MOST", 0.1)
    async with road.open() as service:
        await road.say([1])
        await road.until(1)
        (consumer,) = service.consumers
        monkeypatch.setattr(consumer._subscriber.consumer, "position", lambda _place: asyncio.Event().wait())
        if not is_kafka_there:
            monkeypatch.setattr(consumer, "kafka_answers", Kafka("127.0.0.1:9").answers)
        looks = [await consumer.is_stuck() for _ in range(2)]
        named = {"subscription": road.topic, "topic": road.topic, "partition": "0"}
        shown = REGISTRY.get_sample_value("ispbills_partition_stuck", named)
    assert looks == [False, is_kafka_there]
    assert shown == (1 if is_kafka_there else None)


async def test_a_client_whose_commit_never_ends_is_stuck_once_something_waits_behind_it(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.consumer.STUCK_AFTER_SECONDS", 0.0)
    async with road.open() as service:
        await road.say([1])
        await road.until(1)
        (consumer,) = service.consumers
        answered = asyncio.Event()
        monkeypatch.setattr(consumer._subscriber.consumer, "commit", lambda _offsets: answered.wait())
        await road.say([2])
        await road.until(3)
        await road.say([4])
        async with asyncio.timeout(patience.SECONDS):
            while not await consumer.is_stuck():
                await asyncio.sleep(0.1)
        assert (await road.tally())[0] == 3
        answered.set()


def produce(
    road: Road, kafka: str, amounts: Sequence[int], settings: dict[str, Any], partition: int = 0
) -> None:
    producer = Producer({"bootstrap.servers": kafka, "linger.ms": 100, **settings})
    say(producer, road, amounts, partition)
    producer.flush()


def transactional(kafka: str) -> Producer:
    producer = Producer({"bootstrap.servers": kafka, "transactional.id": uuid.uuid4().hex})
    producer.init_transactions()
    return producer


def say(producer: Producer, road: Road, amounts: Sequence[int], partition: int = 0) -> None:
    for amount in amounts:
        value, headers = good(amount, road.topic, new_id())
        producer.produce(road.topic, value=value, key=b"k", headers=list(headers), partition=partition)


async def test_a_client_whose_own_tasks_have_ended_is_stuck_whatever_it_reads(road: Road) -> None:
    async with road.open() as service:
        await road.say([1])
        await road.until(1)
        (consumer,) = service.consumers
        assert not await consumer.is_stuck()
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        ended.set_exception(KafkaError("Unexpected error during data retrieval"))
        # As after an error that the library does not expect; the real task still has to be stopped.
        with patch.object(consumer._subscriber.consumer._fetcher, "_fetch_task", ended):
            assert await consumer.is_stuck()
        assert isinstance(ended.exception(), KafkaError)


def test_a_request_on_a_connection_that_has_just_closed_fails_as_one_that_broke(kafka: str) -> None:
    expect_closed_transports()
    host, port = kafka.rsplit(":", 1)

    async def ask() -> None:
        connection = await create_conn(host, int(port))
        # The moment in which the transport is gone and whoever reads from it has not heard of that yet.
        connection._read_task.cancel()
        transport = connection._writer.transport
        transport.abort()
        while "closed=False" in repr(transport):
            await asyncio.sleep(0)
        await connection.send(ApiVersionRequest())

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, pytest.raises(KafkaConnectionError):
        runner.run(ask())
