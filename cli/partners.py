"""`ispbills partners`: let a partner system in, the way everybody does, through the outbox and Kafka."""

from __future__ import annotations

import asyncio
import os
import re
import time
from uuid import UUID

import click

from cli.kafka import kafka_or_refuse
from devstack.environment import ensure_environment
from services.payments.store import Row, queries
from shared import db, outbox
from shared.contracts.envelope import Actor
from shared.contracts.payments import AddPartner
from shared.contracts.topics import partner_topics
from shared.db import Pool
from shared.ids import new_id
from shared.kafka import Kafka
from shared.outbox import Said
from shared.topics import create_topics

POLL_SECONDS = 0.1
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@click.group()
def partners() -> None:
    """Add payment partners and their topics."""
    ensure_environment()


@partners.command()
@click.argument("name")
@click.option("--operator", "operator_code", required=True, help="Whose partner it is: the operator's code.")
@click.option("--wait-seconds", default=60, show_default=True, help="How long to wait for the service.")
def add(name: str, operator_code: str, wait_seconds: int) -> None:
    """Make both topics of a partner and register it. Again: nothing changes."""
    if not NAME.fullmatch(name):
        raise click.BadParameter("small letters, digits and hyphens, at most 40", param_hint="NAME")
    asyncio.run(_add(name, operator_code, wait_seconds))
    click.echo(f"partner.{name}.payments and partner.{name}.receipts are open for {operator_code}")


async def _add(name: str, operator_code: str, wait_seconds: int) -> None:
    url, kafka = _needed("PAYMENTS_DATABASE_URL"), kafka_or_refuse()
    pool = await db.open_pool(url, schema="payments", application_name="ispbills partners", max_size=2)
    try:
        await _register(pool, kafka, name, operator_code, wait_seconds)
    finally:
        await pool.close()


async def _register(pool: Pool, kafka: Kafka, name: str, operator_code: str, wait_seconds: int) -> None:
    deadline = time.monotonic() + wait_seconds
    operator = await queries.operator_by_code(pool, code=operator_code)
    if operator is None:
        raise click.ClickException(f"payments knows no operator with the code {operator_code}")
    # The topics first: a partner that is registered can send.
    await create_topics(kafka, partner_topics(name), int(os.environ.get("KAFKA_REPLICATION_FACTOR", "1")))
    if await _partner(pool, name) is None:
        await _ask(pool, name, operator["operator_id"])
    while (partner := await _partner(pool, name)) is None:
        if time.monotonic() > deadline:
            raise click.ClickException("payments has not answered yet; the partner follows once it does")
        await asyncio.sleep(POLL_SECONDS)
    if partner["operator_id"] != operator["operator_id"]:
        raise click.ClickException(f"the partner {name} belongs to another operator")


async def _partner(pool: Pool, name: str) -> Row | None:
    return next(iter([row async for row in queries.partners(pool, names=[name])]), None)


async def _ask(pool: Pool, name: str, operator_id: UUID) -> None:
    command = AddPartner(
        actor=Actor(kind="system", name="ispbills partners add"),
        partner_id=new_id(),
        name=name,
        operator_id=operator_id,
    )
    async with db.in_transaction(pool) as tx:
        await outbox.say(tx, [Said(command)])


def _needed(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise click.ClickException(f"{name} is not set, and no stack runs here")
    return value
