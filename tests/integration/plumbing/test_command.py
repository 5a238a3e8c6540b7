"""`ispbills dead-letters` on what cannot be read: the list shows it, `skip` steps over it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from aiokafka import TopicPartition
from click.testing import CliRunner, Result

from cli.deadletters import dead_letters
from shared import setaside
from tests.integration.plumbing.road import Road

PLACE = TopicPartition("partner.bkash.payments", 3)


@pytest.fixture
def stack(database_url: str, kafka: str) -> Iterator[None]:
    given = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    given |= {"DATABASE_URL": database_url, "KAFKA_BOOTSTRAP_SERVERS": kafka}
    with patch.dict(os.environ, given, clear=True):
        yield


def call(*arguments: str) -> Result:
    return CliRunner().invoke(dead_letters, arguments, catch_exceptions=False)


@pytest.mark.usefixtures("stack")
async def test_a_partition_set_aside_is_listed_and_stepped_over(road: Road) -> None:
    async with road.pool.acquire() as tx:
        held = await setaside.hold(tx, PLACE, "partners", 7, 12, "Invalid CRC")
    (listed,) = json.loads((await asyncio.to_thread(call, "list", "--json")).stdout)
    assert {name: listed[name] for name in ("id", "topic", "partition", "offset", "service", "handler")} == {
        "id": str(held.id), "topic": PLACE.topic, "partition": 3, "offset": 7, "service": "notifications",
        "handler": "partners",
    }  # fmt: skip
    assert listed["reason"] == "partition set aside: Invalid CRC"
    assert listed["set_aside"]
    said = (await asyncio.to_thread(call, "list")).stdout
    assert f"{held.first_seen:%Y-%m-%d %H:%M:%SZ}  partners: partition set aside: Invalid CRC" in said
    assert (await asyncio.to_thread(call, "skip", PLACE.topic, "3", "--to", "7")).exit_code == 1
    assert (await asyncio.to_thread(call, "skip", PLACE.topic, "4")).exit_code == 1
    skipped = await asyncio.to_thread(call, "skip", PLACE.topic, "3")
    assert skipped.stdout == "partner.bkash.payments[3] goes on at 12\n"
    async with road.pool.acquire() as tx:
        assert [each.skip_to for each in await setaside.list_open(tx)] == [12]


@pytest.mark.usefixtures("stack")
async def test_what_kafka_deleted_unread_is_listed_and_cannot_be_sent_again(road: Road) -> None:
    async with road.pool.acquire() as tx:
        held = await setaside.hold(tx, PLACE, "partners", 7, 9, "Invalid CRC")
        await setaside.close_unread(tx, held, 12)
    (listed,) = json.loads((await asyncio.to_thread(call, "list", "--json")).stdout)
    assert "offsets 7 to 11 were deleted by Kafka before they were read" in listed["reason"]
    assert (await asyncio.to_thread(call, "redrive", listed["id"])).exit_code == 1
    assert (await asyncio.to_thread(call, "discard", listed["id"])).stdout == "discarded\n"
    assert (await asyncio.to_thread(call, "list")).stdout == "No dead letters.\n"
