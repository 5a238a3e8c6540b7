"""The road between services: outbox to Kafka to handler, with poison, redelivery and absent leaders."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from shared import deadletters, inbox, outbox
from shared.consumer import Subscription, refuse_command
from shared.contracts.envelope import Message, Received
from shared.contracts.topics import Topic
from shared.db import Pool, Tx
from shared.ids import new_id
from shared.kafka import Kafka
from shared.outbox import BULK, Said
from shared.service import Service
from shared.settings import ServiceSettings
from shared.topics import create_topics
from tests.conftest import PoolFor, as_role


class Counted(Message):
    """A message whose effect adds up, so that a second delivery would show."""

    type: ClassVar[str] = "counted.v1"
    topic: ClassVar[str] = "set by each test"

    to: str
    amount: int

    def destination(self) -> str:
        return self.to

    def key(self) -> str:
        return str(self.amount % 7)


class Road:
    """A topic, a service that adds up what it hears, and ways to speak to it."""

    def __init__(self, pool: Pool, settings: ServiceSettings, topic: str) -> None:
        self.pool, self.settings, self.topic = pool, settings, topic
        self.fail_once_with: list[Exception] = []

    async def add(self, messages: Sequence[Received[Any]], tx: Tx) -> None:
        if self.fail_once_with:
            raise self.fail_once_with.pop()
        for message in await inbox.recognise(tx, messages, "road"):
            if message.data.amount < 0:
                raise ValueError("a negative amount")
            await tx.execute("UPDATE tally SET total = total + $1, times = times + 1", message.data.amount)

    def subscription(self) -> Subscription:
        answer = refuse_command("notifications")
        return Subscription(self.topic, {Counted: self.add}, topics=(self.topic,), on_parked=answer)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with Service("notifications", self.settings, subscriptions=[self.subscription()]).running():
            yield

    async def say(self, amounts: Sequence[int], lane: int = 0) -> None:
        async with self.pool.acquire() as tx, tx.transaction():
            await outbox.say(tx, [Said(Counted(to=self.topic, amount=amount)) for amount in amounts], lane)

    async def tally(self) -> tuple[int, int]:
        row = await self.pool.fetchrow("SELECT total, times FROM tally")
        return row["total"], row["times"]

    async def until(self, total: int, seconds: float = 20) -> None:
        async with asyncio.timeout(seconds):
            while (await self.tally())[0] != total:
                await asyncio.sleep(0.05)


@pytest.fixture
async def road(database_url: str, kafka: str, pool_for: PoolFor) -> Road:
    topic = "road-" + uuid.uuid4().hex
    await create_topics(Kafka(kafka), [Topic(topic, partitions=3)])
    owner = await asyncpg.connect(database_url, server_settings={"search_path": "notifications"})
    await owner.execute("CREATE TABLE tally (total bigint, times bigint)")
    await owner.execute("INSERT INTO tally VALUES (0, 0)")
    await owner.execute("GRANT ALL ON tally TO notifications")
    await owner.close()
    settings = ServiceSettings(
        database_url=as_role(database_url, "notifications"), kafka_bootstrap_servers=kafka
    )
    return Road(await pool_for("notifications"), settings, topic)


async def send_raw(
    kafka: str, topic: str, records: Sequence[tuple[bytes | None, list[tuple[str, Any]]]]
) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        for value, headers in records:
            await producer.send_and_wait(topic, value=value, key=b"k", headers=headers, partition=0)


def good(
    amount: int, topic: str, message_id: uuid.UUID | None = None
) -> tuple[bytes, list[tuple[str, bytes]]]:
    headers = [("ce_id", str(message_id or new_id()).encode()), ("ce_type", b"counted.v1")]
    return json.dumps({"to": topic, "amount": amount}).encode(), headers


async def test_what_a_transaction_says_arrives_once_in_either_lane(road: Road) -> None:
    async with road.open():
        await road.say(range(1, 101))
        await road.say(range(1, 101), lane=BULK)
        await road.until(10_100)
    assert await road.tally() == (10_100, 200)
    assert await road.pool.fetchval("SELECT count(*) FROM outbox") == 0


async def test_a_redelivered_message_is_counted_once(road: Road, kafka: str) -> None:
    same = good(5, road.topic, new_id())
    await send_raw(kafka, road.topic, [same] * 5 + [good(1, road.topic)])
    async with road.open():
        await road.until(6)
    assert await road.tally() == (6, 2)


async def test_poison_is_parked_alone_with_its_reason(road: Road, kafka: str) -> None:
    command_id = new_id()
    poison: list[tuple[bytes | None, list[tuple[str, Any]]]] = [
        (b"{", [("ce_id", str(command_id).encode()), ("ce_type", b"counted.v1")]),
        (None, [("ce_id", str(new_id()).encode()), ("ce_type", b"counted.v1")]),
        (b'{"to": "x", "amount": "12"}', good(1, road.topic)[1]),
        (good(1, road.topic)[0], [("ce_type", b"counted.v1")]),
        (b"{}", []),
        good(-1, road.topic),
    ]
    odd_headers = (good(2, road.topic)[0], [*good(2, road.topic)[1], ("odd", None), ("odder", b"\xff")])
    unknown_type = (b"{}", [("ce_id", b"x"), ("ce_type", b"something.else.v1")])
    await send_raw(
        kafka, road.topic, [good(1, road.topic), *poison, unknown_type, odd_headers, good(4, road.topic)]
    )
    async with road.open():
        await road.until(7)
    letters = await deadletters.list_open(await road.pool.acquire())
    assert len(letters) == len(poison)
    reasons = " | ".join(letter.reason for letter in letters)
    for expected in ("Invalid JSON", "no value", "amount: Input", "ce_id", "ce_type", "a negative amount"):
        assert expected in reasons


async def test_a_poisoned_command_is_answered(road: Road, kafka: str) -> None:
    command_id = new_id()
    headers = [("ce_id", str(command_id).encode()), ("ce_type", b"counted.v1")]
    await send_raw(kafka, road.topic, [(b"{", headers)])
    service = Service("notifications", road.settings, subscriptions=[road.subscription()], relay=False)
    async with service.running(), asyncio.timeout(20):
        while not (row := await road.pool.fetchrow("SELECT type, causation_id, payload FROM outbox")):
            await asyncio.sleep(0.05)
    assert (row["type"], row["causation_id"]) == ("command.refused.v1", command_id)
    assert json.loads(row["payload"])["code"] == "internal"


async def test_a_passing_failure_backs_off_and_loses_nothing(road: Road) -> None:
    road.fail_once_with = [asyncpg.DeadlockDetectedError("once"), ConnectionResetError("twice")]
    async with road.open():
        await road.say([1, 2, 3])
        await road.until(6)
    assert await deadletters.list_open(await road.pool.acquire()) == []


async def test_a_slow_transaction_is_not_overtaken_for_ever(road: Road) -> None:
    slow = await road.pool.acquire()
    transaction = slow.transaction()
    await transaction.start()
    await outbox.say(slow, [Said(Counted(to=road.topic, amount=100))])
    async with road.open():
        await road.say([1])
        await road.until(1)
        await transaction.commit()
        await road.until(101)


async def test_only_one_of_two_replicas_leads_and_the_other_takes_over(road: Road) -> None:
    async with road.open():
        await road.say([1])
        await road.until(1)
        async with road.open():
            await road.say([2])
            await road.until(3)
            assert await road.pool.fetchval("SELECT count(*) FROM relay_lease") == 1
    async with road.open():
        await road.say([4])
        await road.until(7)
    assert await road.tally() == (7, 3)


async def test_a_missing_topic_holds_up_nobody(road: Road) -> None:
    async with road.pool.acquire() as tx, tx.transaction():
        await outbox.say(tx, [Said(Counted(to="nobody-made-this-topic", amount=1))])
    async with road.open():
        await road.say([5])
        await road.until(5, seconds=60)
    assert await road.pool.fetchval("SELECT count(*) FROM outbox") == 1
