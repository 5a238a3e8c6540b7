"""`ispbills partners add`: let a payment partner in, with its two topics."""

from __future__ import annotations

import asyncio
import os
import re
import time
from uuid import UUID

import click

from devstack.environment import ensure_environment
from services.payments import store
from services.payments.store import queries
from shared import db, outbox
from shared.contracts.envelope import Actor
from shared.contracts.partner import PARTNER_TOPICS
from shared.contracts.payments import AddPartner
from shared.contracts.topics import partner_topics
from shared.db import Pool
from shared.ids import new_id
from shared.outbox import Said
from shared.topics import create_topics

_PAUSE_SECONDS = 0.2


@click.group()
def partners() -> None:
    """Add payment partners and their topics."""


@partners.command()
@click.argument("name")
@click.option("--operator", "code", required=True, help="Code of the operator whose subtree it reaches.")
@click.option("--wait-seconds", default=60, show_default=True, help="How long to wait for payments.")
def add(name: str, code: str, wait_seconds: int) -> None:
    """Let the partner NAME in; prints the topic it writes to and the one that it reads. Safe to repeat."""
    says, hears = partner_topics(name)
    if not re.match(PARTNER_TOPICS, says.name):
        raise click.BadParameter("lower-case letters, digits and hyphens, at most 40", param_hint="NAME")
    ensure_environment()
    for variable in ("PAYMENTS_DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS"):
        if not os.environ.get(variable):
            raise click.ClickException(f"{variable} is not set, and no stack runs here")
    asyncio.run(_add(name, code, wait_seconds))
    click.echo(f"writes  {says.name}")
    click.echo(f"reads   {hears.name}")


async def _add(name: str, code: str, wait_seconds: int) -> None:
    pool = await db.open_pool(
        os.environ["PAYMENTS_DATABASE_URL"],
        schema="payments",
        application_name="ispbills partners",
        max_size=1,
    )
    try:
        operator_id = await _operator(pool, code)
        await _let_in(pool, name, operator_id, wait_seconds)
    finally:
        await pool.close()


async def _operator(pool: Pool, code: str) -> UUID:
    row = await queries.operator_by_code(pool, code=code)
    if row is None:
        raise click.ClickException(f"There is no operator with the code {code}.")
    operator_id: UUID = row["operator_id"]
    return operator_id


async def _let_in(pool: Pool, name: str, operator_id: UUID, wait_seconds: int) -> None:
    """Make the topics, ask payments the way everybody does, and wait until it knows the partner."""
    replication = int(os.environ.get("KAFKA_REPLICATION_FACTOR", "1"))
    await create_topics(os.environ["KAFKA_BOOTSTRAP_SERVERS"], partner_topics(name), replication)
    if not await _is_known(pool, name, operator_id):
        async with db.in_transaction(pool) as tx:
            actor = Actor(kind="system", name="ispbills partners add")
            command = AddPartner(actor=actor, partner_id=new_id(), name=name, operator_id=operator_id)
            await outbox.say(tx, [Said(command)])
    deadline = time.monotonic() + wait_seconds
    while not await _is_known(pool, name, operator_id):
        if time.monotonic() > deadline:
            raise click.ClickException("Payments has not answered yet; is it running?")
        await asyncio.sleep(_PAUSE_SECONDS)


async def _is_known(pool: Pool, name: str, operator_id: UUID) -> bool:
    async with db.in_transaction(pool) as tx:
        row = await store.partner(tx, name)
    if row is not None and row["operator_id"] != operator_id:
        raise click.ClickException(f"The partner {name} belongs to another operator.")
    return row is not None
