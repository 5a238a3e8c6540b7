"""`ispbills view rebuild`: makes the read model of bills again from what its owners say."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

import click
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from cli.kafka import kafka_or_refuse
from cli.owner import connected
from devstack.environment import ensure_environment
from gateway.projection import app as projector
from gateway.settings import ProjectorSettings
from gateway.store import operations as operation_store
from gateway.store import rebuild
from gateway.store.operations import Operation
from shared import clock
from shared.contracts.envelope import Actor
from shared.contracts.invoicing import Republish
from shared.db import FAILURES, Connection
from shared.ids import new_id

OWNERS: tuple[Literal["invoicing", "payments", "notifications", "documents"], ...] = (
    "invoicing",
    "payments",
    "notifications",
    "documents",
)
PAUSE_SECONDS = 0.25
ABANDON_TRIES = 8
TIDY_SECONDS = 60


@click.group()
def view() -> None:
    """Rebuild the read model of bills."""


@view.command("rebuild")
@click.option("--wait-seconds", default=3_600, show_default=True, help="Then give up; the view stays.")
def rebuild_(wait_seconds: int) -> None:
    """Fill shadow tables by republish and swap them in when complete; reads are served meanwhile.

    Exit codes: 0 rebuilt, 1 not rebuilt and nothing changed, 3 another rebuild is running.
    """
    ensure_environment()
    for name in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS"):
        if name not in os.environ:
            raise click.ClickException(f"No stack runs here and {name} is not set. Nothing was changed.")
    started = time.monotonic()
    try:
        asyncio.run(_rebuild(started + wait_seconds))
    except (_NotRebuilt, KeyboardInterrupt) as reason:
        raise click.ClickException(f"{reason or 'Interrupted.'} {_AS_BEFORE}") from reason
    except rebuild.RebuildRunning as running:
        raise _Running(running.since) from running
    except rebuild.MigrationRunning as reason:
        raise click.ClickException(f"A migration is running; wait for its end. {_AS_BEFORE}") from reason
    except rebuild.RebuildEnded as reason:
        raise click.ClickException(
            f"A migration or a long pause ended this rebuild. {_AS_BEFORE}"
        ) from reason
    except (*FAILURES, KafkaError) as reason:
        told = str(reason) or type(reason).__name__
        raise click.ClickException(f"The database or Kafka failed ({told}). {_AS_BEFORE}") from reason
    click.echo(f"rebuilt in {time.monotonic() - started:.1f} s")


_AS_BEFORE = "The view is as it was; run the command again."


class _NotRebuilt(Exception):
    """Return what kept the rebuild from its end, as a sentence."""


class _Running(click.ClickException):
    """Another rebuild is running."""

    exit_code = 3

    def __init__(self, since: datetime) -> None:
        super().__init__(
            f"Another rebuild is running since {since:%Y-%m-%d %H:%M:%S} UTC; wait for its end."
            " Nothing was changed."
        )


async def _rebuild(deadline: float) -> None:
    async with connected("gateway") as connection:
        await rebuild.refuse_while_one_runs(connection)
        # What an owner said before it came back from a backup belongs in the view of before alone.
        await _caught_up(deadline)
        holder = await _begin(connection, deadline)
        try:
            await _while_leased(holder, _fill_and_swap(connection, holder, deadline))
        except BaseException:
            await _abandon(connection, holder)
            raise
        await _tidy(connection)


async def _begin(connection: Connection, deadline: float) -> UUID:
    while (holder := await rebuild.begin(connection)) is None:
        await _pause(deadline)
    return holder


async def _fill_and_swap(connection: Connection, holder: UUID, deadline: float) -> None:
    asked = await _ask_owners(connection)
    await _until(deadline, lambda: _answered(connection, asked))
    said: dict[str, int] = {owner: await _last_said(owner) for owner in OWNERS}
    await _until(deadline, lambda: _sent(said))
    await _caught_up(deadline)
    await _until(deadline, lambda: rebuild.swap(connection, holder))


async def _while_leased(holder: UUID, work: Coroutine[Any, Any, None]) -> None:
    """Do the work for as long as the lease is kept, by a connection that nothing else holds up."""
    working = asyncio.create_task(work)
    renewing = asyncio.create_task(_renew(holder))
    try:
        await asyncio.wait((working, renewing), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            renewing.result()
    finally:
        renewing.cancel()
        working.cancel()
        await asyncio.gather(working, renewing, return_exceptions=True)
    working.result()


async def _renew(holder: UUID) -> None:
    async with connected("gateway") as connection:
        while True:
            await rebuild.renew(connection, holder)
            await asyncio.sleep(rebuild.RENEW_SECONDS)


async def _abandon(connection: Connection, holder: UUID) -> None:
    """Leave nothing behind where that is possible at once; else the lease ends it."""
    with suppress(*FAILURES):
        for _ in range(ABANDON_TRIES):
            if await rebuild.abandon(connection, holder):
                return
            await asyncio.sleep(PAUSE_SECONDS)


async def _tidy(connection: Connection) -> None:
    """The view is rebuilt by now: what is left over can wait for the next rebuild."""
    deadline = time.monotonic() + TIDY_SECONDS
    try:
        await _until(deadline, lambda: rebuild.drop_old(connection))
        await rebuild.count_rows(connection)
    except (_NotRebuilt, *FAILURES):
        click.echo("the tables of before are still in use; the next rebuild drops them", err=True)


async def _until(deadline: float, done: Callable[[], Awaitable[bool]]) -> None:
    while not await done():
        await _pause(deadline)


async def _pause(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise _NotRebuilt("It took longer than --wait-seconds.")
    # Not always as long, so as not to meet the same batch again and again.
    await asyncio.sleep(random.uniform(0.5, 1.5) * PAUSE_SECONDS)


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
        raise _NotRebuilt("A service refused to say its rows again.")
    return states == {"completed"}


async def _last_said(owner: str) -> int:
    async with connected(owner) as connection:
        return int(await connection.fetchval(f"SELECT coalesce(max(id), 0) FROM {owner}.outbox"))


async def _sent(said: dict[str, int]) -> bool:
    return not any([await _waits(owner, last) for owner, last in said.items()])


async def _waits(owner: str, last: int) -> bool:
    """Whether something that its owner had said by then waits for Kafka."""
    async with connected(owner) as connection:
        waits = f"SELECT EXISTS (SELECT 1 FROM {owner}.outbox WHERE id <= $1 AND topic LIKE '{owner}.%')"
        return bool(await connection.fetchval(waits, last))


async def _caught_up(deadline: float) -> None:
    """Every group of the projector has handled what the topics hold by now."""
    kafka = kafka_or_refuse()
    service = projector.create_service(ProjectorSettings())
    consumer, admin = (
        AIOKafkaConsumer(**kafka.aiokafka(), isolation_level="read_committed"),
        AIOKafkaAdminClient(**kafka.aiokafka()),
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
