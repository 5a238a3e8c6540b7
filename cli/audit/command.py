"""The command: look, give what is in flight the time to land, name what stays broken."""

from __future__ import annotations

import asyncio
import os

import click

from cli.audit import promises, settling
from cli.audit.promises import Broken
from devstack.environment import ensure_environment
from gateway.projection.audits import Progress
from shared.kafka import Kafka, from_environment


@click.command()
def audit() -> None:
    """Prove the promises from the databases; names each row that breaks one and exits 1."""
    ensure_environment()
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise click.ClickException("DATABASE_URL is not set, and no stack runs here")
    broken = asyncio.run(find_broken(url, from_environment()))
    for row in broken:
        click.echo(f"{row.promise}, {row.relation}, {row.id}, expected {row.expected}, found {row.found}")
    if broken:
        raise SystemExit(1)
    click.echo(f"{len(promises.NAMES)} promises hold")


async def find_broken(
    database_url: str, kafka: Kafka | None, progress: Progress | None = None
) -> list[Broken]:
    """The rows that break a promise and go on breaking it in the same way once all has landed."""
    progress = progress or Progress()
    async with promises.reading(database_url) as connection:
        seen = await promises.look(connection, progress=progress)
        for _ in range(settling.LOOKS):
            if seen:
                await settling.settle(connection, kafka)
                seen &= await promises.look(connection, sorted({row.promise for row in seen}))
                progress.suspected = len(seen)
    return sorted(seen)
