"""`ispbills dead-letters`: see what could not be handled, send it again, or let it go."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import click
from aiokafka import AIOKafkaProducer

from cli.kafka import kafka_or_refuse
from devstack.environment import ensure_environment
from shared import db, deadletters
from shared.deadletters import DeadLetter
from shared.migrate import SCHEMAS


@dataclass(frozen=True, slots=True)
class Found:
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
    """Show the open letters of every service, by their place of origin."""
    found = [_summary(each) for each in asyncio.run(_list_open())]
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    if not found:
        click.echo("No dead letters.")
    for each in found:
        place = f"{each['topic']}[{each['partition']}]@{each['offset']}"
        click.echo(f"{each['id']}  {each['service']:<13} {place}  {each['handler']}: {each['reason']}")


@dead_letters.command()
@click.argument("letter_id", type=click.UUID)
def show(letter_id: UUID) -> None:
    """Show one letter whole: headers, key and value."""
    found = asyncio.run(_find(letter_id))
    letter = found.letter
    details = _summary(found) | {
        "key": _readable(letter.key),
        "value": _readable(letter.value),
        "headers": [[name, _readable(value)] for name, value in letter.headers],
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


async def _list_open() -> list[Found]:
    found: list[Found] = []
    for schema in SCHEMAS:
        async with _connection(schema.name) as connection:
            found += [Found(schema.name, letter) for letter in await deadletters.list_open(connection)]
    return sorted(found, key=lambda each: (each.letter.first_seen, each.letter.id))


async def _find(letter_id: UUID) -> Found:
    for schema in SCHEMAS:
        async with _connection(schema.name) as connection:
            if letter := await deadletters.read(connection, letter_id):
                return Found(schema.name, letter)
    raise click.ClickException(f"no dead letter {letter_id}")


async def _close(letter_id: UUID, outcome: str) -> bool:
    found = await _find(letter_id)
    async with _connection(found.service) as connection, connection.transaction():
        return await deadletters.close(connection, letter_id, outcome)


async def _redrive(letter_id: UUID) -> bool:
    """Send before the commit: a crash in between leaves the letter open, and its readers know the record."""
    found = await _find(letter_id)
    async with _connection(found.service) as connection, connection.transaction():
        if not await deadletters.close(connection, letter_id, "redriven"):
            return False
        producer = AIOKafkaProducer(**kafka_or_refuse().aiokafka(), acks="all")
        await producer.start()
        try:
            letter = found.letter
            await producer.send_and_wait(
                letter.topic,
                value=letter.value,
                key=letter.key,
                headers=list(letter.headers),
                partition=letter.partition,
            )
        finally:
            await producer.stop()
        return True


@asynccontextmanager
async def _connection(schema: str) -> AsyncIterator[Any]:
    url = os.environ.get(f"{schema.upper()}_DATABASE_URL") or os.environ["DATABASE_URL"]
    connection = await asyncpg.connect(url, server_settings=db.session_settings(schema, "dead-letters"))
    await db.register_codecs(connection)
    try:
        yield connection
    finally:
        await connection.close()


def _summary(found: Found) -> dict[str, Any]:
    letter = found.letter
    return {
        "id": str(letter.id),
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "service": found.service,
        "handler": letter.handler,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "first_seen": letter.first_seen.isoformat(),
    }


def _readable(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode(errors="backslashreplace")
