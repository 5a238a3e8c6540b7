"""`ispbills view rebuild`: makes the read model of bills again from what its owners say."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Literal
from uuid import UUID

import asyncpg
import click
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from devstack.environment import ensure_environment
from gateway.projection import app as projector
from gateway.settings import ProjectorSettings
from gateway.store import operations as operation_store
from gateway.store import rebuild
from gateway.store.operations import Operation
from shared import clock
from shared.contracts.envelope import Actor
from shared.contracts.invoicing import Republish
from shared.db import Connection
from shared.ids import new_id

OWNERS: tuple[Literal["invoicing", "payments"], ...] = ("invoicing", "payments")
PAUSE_SECONDS = 0.25
LOCK = 7_326_202


@click.group()
def view() -> None:
    """Rebuild the read model of bills."""


@view.command("rebuild")
@click.option("--wait-seconds", default=3_600, show_default=True, help="Then give up; the view stays.")
def rebuild_(wait_seconds: int) -> None:
    """Fill shadow tables by republish and swap them in when complete; reads are served meanwhile."""
    ensure_environment()
    started = time.monotonic()
    asyncio.run(_rebuild(started + wait_seconds))
    click.echo(f"rebuilt in {time.monotonic() - started:.1f} s")


async def _rebuild(deadline: float) -> None:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
            raise click.ClickException("another rebuild is going on")
        await rebuild.begin(connection)
        asked = await _ask_owners(connection)
        await _until(deadline, lambda: _answered(connection, asked))
        said: dict[str, int] = {owner: await _last_said(connection, owner) for owner in OWNERS}
        await _until(deadline, lambda: _sent(connection, said))
        await _caught_up(deadline)
        await _until(deadline, lambda: rebuild.swap(connection))
        await rebuild.tidy(connection)
    finally:
        await connection.close()


async def _until(deadline: float, done: Callable[[], Awaitable[bool]]) -> None:
    while not await done():
        if time.monotonic() > deadline:
            raise click.ClickException(
                "gave up waiting; the view is as it was, and the next rebuild starts afresh"
            )
        await asyncio.sleep(PAUSE_SECONDS)


async def _ask_owners(connection: Connection) -> list[UUID]:
    asked = []
    async with connection.transaction():
        await connection.execute("SET LOCAL search_path TO gateway, public")
        await connection.set_type_codec("jsonb", encoder=_json, decoder=str, schema="pg_catalog")
        for owner in OWNERS:
            command = Republish(service=owner, actor=Actor(kind="system", name="view rebuild"))
            operation = Operation(new_id(), "republish", UUID(int=0), UUID(int=0), "system")
            await operation_store.add(connection, operation, command, clock.now())
            asked.append(operation.id)
    return asked


def _json(value: object) -> str:
    return json.dumps(value)


async def _answered(connection: Connection, asked: list[UUID]) -> bool:
    rows = await connection.fetch("SELECT state FROM gateway.operation WHERE id = ANY ($1)", asked)
    states = {row["state"] for row in rows}
    if "refused" in states:
        raise click.ClickException("a service refused to republish")
    return states == {"completed"}


async def _last_said(connection: Connection, owner: str) -> int:
    return int(await connection.fetchval(f"SELECT coalesce(max(id), 0) FROM {owner}.outbox"))


async def _sent(connection: Connection, said: dict[str, int]) -> bool:
    waiting = [
        await connection.fetchval(f"SELECT EXISTS (SELECT 1 FROM {owner}.outbox WHERE id <= $1)", last)
        for owner, last in said.items()
    ]
    return not any(waiting)


async def _caught_up(deadline: float) -> None:
    """Every group of the projector has handled what the topics hold by now."""
    servers = os.environ["KAFKA_BOOTSTRAP_SERVERS"]
    service = projector.create_service(ProjectorSettings())
    consumer, admin = (
        AIOKafkaConsumer(bootstrap_servers=servers),
        AIOKafkaAdminClient(bootstrap_servers=servers),
    )
    await consumer.start()
    await admin.start()
    try:
        for subscription in service.subscriptions:
            ends = await _ends(admin, consumer, subscription.topics)
            group = f"{service.name}.{subscription.name}"
            await _until(deadline, partial(_handled, admin, group, ends))
    finally:
        await admin.close()
        await consumer.stop()


async def _ends(
    admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, topics: tuple[str, ...]
) -> dict[TopicPartition, int]:
    # Asked of the broker: a consumer knows partitions only of topics that it has subscribed to.
    described = await admin.describe_topics(list(topics))
    places = [
        TopicPartition(topic["topic"], each["partition"])
        for topic in described
        for each in topic["partitions"]
    ]
    assert {place.topic for place in places} == set(topics), "every topic of a projection has partitions"
    starts = await consumer.beginning_offsets(places)
    ends = await consumer.end_offsets(places)
    return {place: end for place, end in ends.items() if end > starts[place]}


async def _handled(admin: AIOKafkaAdminClient, group: str, ends: dict[TopicPartition, int]) -> bool:
    committed = await admin.list_consumer_group_offsets(group)
    return all(place in committed and committed[place].offset >= end for place, end in ends.items())
