"""`ispbills sessions`, `ispbills sql`: the database for who is on call and has no psql at hand."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import asyncpg
import click

from devstack.environment import ensure_environment
from shared import db
from shared.db import Connection
from shared.migrate import SCHEMAS

T = TypeVar("T")

# Nobody on call may make it worse: a statement ends by itself, and soon where it would wait in line.
LIMITS = {"statement_timeout": "60s", "lock_timeout": "5s"}

_queries = db.statements(__file__)


@click.command()
@click.option("--end", "pid", type=int, help="End this session; what it has not committed is undone.")
def sessions(pid: int | None) -> None:
    """Show the transactions that are open now, the oldest first, and for which sessions each waits."""
    if pid is None:
        rows = _in_database("public", _sessions)
        if not rows:
            click.echo("No transaction is open.")
        for line in _table(rows):
            click.echo(line)
    elif _in_database("public", lambda connection: _queries.end_session(connection, pid=pid)):
        click.echo(f"session {pid} is ended")
    else:
        raise click.ClickException(f"no session {pid}")


@click.command()
@click.option("--schema", type=click.Choice([each.name for each in SCHEMAS]), required=True)
@click.option("--write", is_flag=True, help="Let the statement change something.")
@click.argument("statement")
def sql(schema: str, write: bool, statement: str) -> None:
    """Run one statement in a service's schema, as the database's administrator."""
    try:
        rows, said = _in_database(schema, lambda connection: _run(connection, statement, write=write))
    except asyncpg.PostgresError as error:
        raise click.ClickException(str(error)) from error
    for line in _table(rows):
        click.echo(line)
    click.echo(said)


def _in_database(schema: str, work: Callable[[Connection], Awaitable[T]]) -> T:
    ensure_environment()
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise click.ClickException("DATABASE_URL is not set, and no stack runs here")

    async def connected() -> T:
        settings = db.session_settings(schema, "ispbills-cli") | LIMITS
        connection = await asyncpg.connect(url, server_settings=settings)
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(connected())


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
