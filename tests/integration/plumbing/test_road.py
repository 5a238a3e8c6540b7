"""The road between services: outbox to Kafka to handler, with poison, redelivery and absent leaders."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import asyncpg

from shared import deadletters, outbox
from shared.contracts.topics import Topic
from shared.ids import new_id
from shared.kafka import Kafka
from shared.outbox import BULK, INTERACTIVE, Said
from shared.relay import Relay
from shared.service import Service
from shared.topics import create_topics
from tests import patience
from tests.integration.plumbing.road import Counted, Road, good, send_raw, silently

# What the relay gives a request to Kafka: who is held up by one waits so long.
REQUEST_SECONDS = 15.0


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
    service = Service(
        "notifications",
        road.settings,
        subscriptions=[road.subscription()],
        relay=False,
        report=silently,
    )
    async with service.running(), asyncio.timeout(patience.SECONDS):
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
    """Not the lane behind it, though it fills whole reads, and not for the time that a request may take."""
    rows = [Said(Counted(to=f"nobody-made-this-topic-{number % 3}", amount=1)) for number in range(5_000)]
    for lane in (INTERACTIVE, BULK):
        async with road.pool.acquire() as tx, tx.transaction():
            await outbox.say(tx, rows, lane)
    async with road.open():
        await road.say([5])
        await road.say([7], lane=BULK)
        await road.until(12)
        started = time.monotonic()
        await road.say([9])
        await road.until(21)
        assert time.monotonic() - started < REQUEST_SECONDS
    assert await road.pool.fetchval("SELECT count(*) FROM outbox") == 10_000


async def test_a_topic_that_is_made_later_gets_what_waited_for_it(road: Road, kafka: str) -> None:
    late = f"{road.topic}-late"
    async with road.pool.acquire() as tx, tx.transaction():
        await outbox.say(tx, [Said(Counted(to=late, amount=1))])
    async with road.open():
        await road.say([5])
        await road.until(5)
        await create_topics(Kafka(kafka), [Topic(late)])
        async with asyncio.timeout(patience.SECONDS):
            while await road.pool.fetchval("SELECT count(*) FROM outbox"):
                await asyncio.sleep(0.2)


async def test_the_relay_reads_by_bytes(road: Road) -> None:
    """Of rows as large as they may be, so many as fit; always one at least, and in the end all."""
    relay = Relay("notifications", road.settings.database_url, "notifications", Kafka("nowhere"))
    large = "x" * 800_000
    async with road.pool.acquire() as tx, tx.transaction():
        await outbox.say(
            tx, [Said(Counted(to=large if number else "small", amount=number)) for number in range(40)], BULK
        )
        found = await relay._waiting(tx, BULK, 0)
        assert [json.loads(row["payload"])["amount"] for row in found] == list(range(len(found)))
        assert 8_000_000 <= sum(len(row["payload"]) for row in found) < 8_900_000
        taken, last = 0, 0
        while found := await relay._waiting(tx, BULK, last):
            taken, last = taken + len(found), found[-1]["id"]
        assert taken == 40
