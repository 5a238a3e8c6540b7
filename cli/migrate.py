"""`ispbills migrate`: brings every schema and topic up to date; run it before the services, never by them."""

from __future__ import annotations

import asyncio
import os

import click

from devstack.environment import ensure_environment
from shared import migrate as migrations
from shared.contracts.topics import TOPICS
from shared.topics import create_topics


@click.command()
def migrate() -> None:
    """Create or update schemas, roles and topics. Safe to run again."""
    ensure_environment()
    asyncio.run(_migrate_all())


async def _migrate_all() -> None:
    roles = [role for schema in migrations.SCHEMAS for role in schema.roles]
    urls = {role: url for role in roles if (url := os.environ.get(f"{role.upper()}_DATABASE_URL"))}
    for name in await migrations.migrate(os.environ["DATABASE_URL"], urls):
        click.echo(f"applied  {name}")
    replication = int(os.environ.get("KAFKA_REPLICATION_FACTOR", "1"))
    for name in await create_topics(os.environ["KAFKA_BOOTSTRAP_SERVERS"], TOPICS, replication):
        click.echo(f"created  {name}")
