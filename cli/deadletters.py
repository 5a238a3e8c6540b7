"""`ispbills dead-letters`: see what could not be handled, send it again, or let it go.

What cannot even be read stands in the list too: a partition that was set aside, and can be stepped over.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import click
from aiokafka import AIOKafkaProducer, TopicPartition

from cli.kafka import kafka_or_refuse
from devstack.environment import ensure_environment
from shared import db, deadletters, owners, setaside
from shared.deadletters import DeadLetter
from shared.migrate import SCHEMAS
from shared.setaside import NoSuchPartition, PartitionSetAside, StepBack


@dataclass(frozen=True, slots=True)
class ServiceLetter:
    """A letter and the service whose schema holds it."""

    service: str
    letter: DeadLetter


@click.group("dead-letters")
def dead_letters() -> None:
    """Records that could not be handled, kept whole with the reason."""
    ensure_environment()


@dead_letters.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def list_letters(as_json: bool) -> None:
    """Show the open letters of every service, and the partitions that are set aside, by their place."""
    letters, partitions = asyncio.run(_list_open())
    lines = [_standing(service, each) for service, each in partitions]
    lines += [_summary(each) for each in letters]
    if as_json:
        click.echo(json.dumps(lines, indent=2))
        return
    if not lines:
        click.echo("No dead letters.")
    for each in lines:
        place = f"{each['topic']}[{each['partition']}]@{each['offset']}"
        since = f"{datetime.fromisoformat(each['first_seen']):%Y-%m-%d %H:%M:%SZ}"
        click.echo(
            f"{each['id']}  {each['service']:<13} {place}  {since}  {each['handler']}: {each['reason']}"
        )


@dead_letters.command()
@click.argument("letter_id", type=click.UUID)
def show(letter_id: UUID) -> None:
    """Show one letter whole: headers, key and value."""
    entry = asyncio.run(_find(letter_id))
    letter = entry.letter
    details = _summary(entry) | {
        "key": _readable(letter.key),
        "value": _readable(letter.value),
        "headers": [
            [_readable(name.encode(errors="surrogateescape")), _readable(value)]
            for name, value in letter.headers
        ],
        "outcome": letter.outcome,
    }
    click.echo(json.dumps(details, indent=2, ensure_ascii=False))


@dead_letters.command()
@click.argument("letter_id", type=click.UUID)
def redrive(letter_id: UUID) -> None:
    """Close the letter and send its record once more to its topic; a second time changes nothing."""
    done = asyncio.run(_redrive(letter_id))
    click.echo("sent again" if done else "closed before, nothing to do")


@dead_letters.command()
@click.argument("letter_id", type=click.UUID)
def discard(letter_id: UUID) -> None:
    """Close the letter without sending it again."""
    done = asyncio.run(_close(letter_id, "discarded"))
    click.echo("discarded" if done else "closed before, nothing to do")


@dead_letters.command()
@click.argument("topic")
@click.argument("partition", type=int)
@click.option("--to", "skip_to", type=int, help="Offset to go on at; behind the unreadable batch if absent.")
def skip(topic: str, partition: int, skip_to: int | None) -> None:
    """Step over what cannot be read of a partition that is set aside; it flows again within seconds."""
    target = asyncio.run(_step_over(TopicPartition(topic, partition), skip_to))
    click.echo(f"{topic}[{partition}] goes on at {target}")


async def _step_over(place: TopicPartition, skip_to: int | None) -> int:
    """In every schema that holds it, so that each of its readers goes on."""
    targets = []
    for schema in SCHEMAS:
        async with _connection(schema.name) as connection, connection.transaction():
            try:
                targets.append(await setaside.step_over(connection, place, skip_to))
            except NoSuchPartition:
                continue
            except StepBack as error:
                raise click.ClickException(f"{error}, where it cannot be read") from error
    if not targets:
        raise click.ClickException(f"{place.topic}[{place.partition}] is not set aside")
    return max(targets)


async def _list_open() -> tuple[list[ServiceLetter], list[tuple[str, PartitionSetAside]]]:
    letters: list[ServiceLetter] = []
    partitions: list[tuple[str, PartitionSetAside]] = []
    for schema in SCHEMAS:
        async with _connection(schema.name) as connection:
            letters += [
                ServiceLetter(schema.name, letter) for letter in await deadletters.list_open(connection)
            ]
            partitions += [(schema.name, each) for each in await setaside.list_open(connection)]
    return sorted(letters, key=lambda each: (each.letter.first_seen, each.letter.id)), partitions


async def _find(letter_id: UUID) -> ServiceLetter:
    for schema in SCHEMAS:
        async with _connection(schema.name) as connection:
            if letter := await deadletters.read(connection, letter_id):
                return ServiceLetter(schema.name, letter)
    raise click.ClickException(f"no dead letter {letter_id}")


async def _close(letter_id: UUID, outcome: str) -> bool:
    entry = await _find(letter_id)
    async with _connection(entry.service) as connection, connection.transaction():
        return await deadletters.close(connection, letter_id, outcome)


async def _redrive(letter_id: UUID) -> bool:
    """Send before the commit: a crash in between leaves the letter open, and its readers know the record."""
    entry = await _find(letter_id)
    if entry.letter.is_empty:
        raise click.ClickException(f"there is nothing to send again: {entry.letter.reason}")
    async with _connection(entry.service) as connection, connection.transaction():
        if not await deadletters.close(connection, letter_id, "redriven"):
            return False
        producer = AIOKafkaProducer(**kafka_or_refuse().aiokafka(), acks="all")
        await producer.start()
        try:
            letter = entry.letter
            await producer.send_and_wait(
                letter.topic,
                value=letter.value,
                # A partner's client may send neither key nor value, ours may not.
                key=b"" if letter.key is None and letter.value is None else letter.key,
                headers=[
                    (_readable(name.encode(errors="surrogateescape")) or "", value)
                    for name, value in letter.headers
                ],
                partition=letter.partition,
            )
        finally:
            await producer.stop()
        return True


@asynccontextmanager
async def _connection(schema: str) -> AsyncIterator[Any]:
    url = os.environ.get(f"{schema.upper()}_DATABASE_URL") or owners.owner_url(schema)
    connection = await asyncpg.connect(url, server_settings=db.session_settings(schema, "dead-letters"))
    await db.register_codecs(connection)
    try:
        yield connection
    finally:
        await connection.close()


def _summary(entry: ServiceLetter) -> dict[str, Any]:
    letter = entry.letter
    return {
        "id": str(letter.id),
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "service": entry.service,
        "handler": letter.handler,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "first_seen": letter.first_seen.isoformat(),
    }


def _standing(service: str, partition: PartitionSetAside) -> dict[str, Any]:
    """A partition in the shape of a letter; `set_aside` tells it from one."""
    return {
        "id": str(partition.id),
        "topic": partition.topic,
        "partition": partition.partition,
        "offset": partition.offset,
        "service": service,
        "handler": partition.handler,
        "reason": f"partition set aside: {partition.reason}",
        "attempts": partition.attempts,
        "first_seen": partition.first_seen.isoformat(),
        "set_aside": True,
        "next_offset": partition.next_offset,
        "skip_to": partition.skip_to,
    }


def _readable(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode(errors="backslashreplace")
