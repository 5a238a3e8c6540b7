"""`ispbills sessions`, `ispbills sql`: the database for who is on call and has no psql at hand."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import asyncpg
import click

from cli.owner import connected
from devstack.environment import ensure_environment
from shared import db, owners
from shared.db import Connection
from shared.migrate import SCHEMAS

T = TypeVar("T")

# Nobody on call may make it worse: a statement ends by itself, and soon where it would wait in line.
LIMITS = {"statement_timeout": "60s", "lock_timeout": "5s"}

_queries = db.statements(__file__)


SCHEMA_NAMES = click.Choice([each.name for each in SCHEMAS])


@click.command()
@click.option("--schema", type=SCHEMA_NAMES, help="Of the database where this schema lies alone.")
@click.option("--end", "pid", type=int, help="End this session; what it has not committed is undone.")
def sessions(schema: str | None, pid: int | None) -> None:
    """Show the transactions that are open now, the oldest first, and for which sessions each waits."""
    _need_a_database()
    databases = [schema] if schema else _databases()
    if pid is None:
        for each in databases:
            if len(databases) > 1:
                click.echo(f"where {each} lies:")
            lines = _table(asyncio.run(_in_database(each, _sessions)))
            click.echo("\n".join(lines) or "No transaction is open.")
    elif len(databases) > 1:
        raise click.ClickException("services have databases of their own: name one by --schema")
    elif asyncio.run(_in_database(databases[0], lambda at: _queries.end_session(at, pid=pid))):
        click.echo(f"session {pid} is ended")
    else:
        raise click.ClickException(f"no session {pid}")


@click.command()
@click.option("--schema", type=SCHEMA_NAMES, required=True)
@click.option("--write", is_flag=True, help="Let the statement change something.")
@click.argument("statement")
def sql(schema: str, write: bool, statement: str) -> None:
    """Run one statement in a service's schema, as the database's administrator."""
    _need_a_database()
    try:
        rows, said = asyncio.run(_in_database(schema, lambda at: _run(at, statement, write=write)))
    except asyncpg.PostgresError as error:
        raise click.ClickException(str(error)) from error
    for line in _table(rows):
        click.echo(line)
    click.echo(said)


def _need_a_database() -> None:
    ensure_environment()
    if not os.environ.get("DATABASE_URL"):
        raise click.ClickException("DATABASE_URL is not set, and no stack runs here")


def _databases() -> list[str]:
    """A schema of each database that there is."""
    named = {owners.owner_url(each.name): each.name for each in reversed(SCHEMAS)}
    return sorted(named.values())


async def _in_database(schema: str, work: Callable[[Connection], Awaitable[T]]) -> T:
    async with connected(schema, db.session_settings(schema, "ispbills-cli") | LIMITS) as connection:
        return await work(connection)


async def _sessions(connection: Connection) -> list[dict[str, Any]]:
    return [
        {**row, "waits_for": ", ".join(map(str, row["waits_for"])) or "-"}
        async for row in _queries.sessions(connection)
    ]


async def _run(connection: Connection, statement: str, *, write: bool) -> tuple[list[dict[str, Any]], str]:
    async with connection.transaction(readonly=not write):
        prepared = await connection.prepare(statement)
        rows = [dict(row) for row in await prepared.fetch()]
        return rows, prepared.get_statusmsg() or ""


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Lines of a table, each column as wide as its widest value."""
    lines = [[str(value) for value in row.values()] for row in rows]
    if not lines:
        return []
    columns = list(rows[0].keys())
    lines.insert(0, [name.replace("_", " ") for name in columns])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
