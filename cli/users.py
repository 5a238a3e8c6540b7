"""`ispbills users`, `ispbills tokens`: who may sign in, straight in the gateway's own tables."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import click
from pydantic import BaseModel

from devstack.environment import ensure_environment
from gateway.access import ROLES
from gateway.commands import passwords
from gateway.commands import tokens as token_commands
from gateway.problems import Problem, not_found
from gateway.schemas import fields
from gateway.schemas import users as user_schemas
from gateway.store import operators as operator_store
from gateway.store import users as user_store
from shared import clock, db, outbox
from shared.contracts.catalog import CreateOperator
from shared.contracts.envelope import Actor
from shared.db import Tx
from shared.ids import new_id
from shared.outbox import Said

T = TypeVar("T")

# One bootstrap at a time: two would each make an administrator.
BOOTSTRAP_LOCK = 7_326_003


def in_gateway(work: Callable[[Tx], Awaitable[T]]) -> T:
    """Do something in one transaction of the gateway's schema, as the gateway."""
    ensure_environment()
    try:
        return asyncio.run(_in_gateway(work))
    except Problem as problem:
        fields = "; ".join(f"{name}: {detail}" for name, detail in problem.errors)
        raise click.ClickException(fields or problem.detail) from problem


async def _in_gateway(work: Callable[[Tx], Awaitable[T]]) -> T:
    # The address alone: a job beside the gateway is not told its other settings.
    url = os.environ.get("GATEWAY_DATABASE_URL")
    if not url:
        raise click.ClickException("GATEWAY_DATABASE_URL is not set, and no stack runs here")
    pool = await db.open_pool(url, schema="gateway", application_name="ispbills-cli")
    try:
        async with db.in_transaction(pool) as tx:
            return await work(tx)
    finally:
        await pool.close()


def _checked(kind: type[BaseModel], **values: Any) -> Any:
    return fields.read(kind, json.dumps(values).encode())


@click.group()
def users() -> None:
    """Add users."""


@users.command("add")
@click.option("--email", required=True)
@click.option("--name", help="How they are called; the part before the @ unless given.")
@click.option("--password", required=True, prompt=True, hide_input=True)
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--operator", "operator_code", help="The code of their operator; the root unless given.")
def add(email: str, name: str | None, password: str, role: str, operator_code: str | None) -> None:
    """Add a user who sees one operator's subtree."""

    async def work(tx: Tx) -> None:
        operator_id = await _operator_id(tx, operator_code)
        await _add(tx, email, name or email.partition("@")[0], password, role, str(operator_id))

    in_gateway(work)
    click.echo(f"added {email}")


async def _operator_id(tx: Tx, code: str | None) -> Any:
    if code is None:
        operator_id = await operator_store.root_operator_id(tx)
    else:
        row = await operator_store.by_code(tx, code)
        operator_id = row["id"] if row else None
    if operator_id is None:
        raise not_found("There is no such operator.")
    return operator_id


async def _add(tx: Tx, email: str, name: str, password: str, role: str, operator_id: str) -> None:
    body = _checked(
        user_schemas.User, email=email, name=name, password=password, role=role, operator_id=operator_id
    )
    await passwords.must_be_strong("password", password, email, name)
    password_hash = await passwords.hash_password(password)
    user = {**body.model_dump(exclude={"password"}), "id": new_id(), "password_hash": password_hash}
    await user_store.add_user(tx, user, clock.now())


@users.command("bootstrap")
@click.option("--email", required=True)
@click.option("--password", required=True, envvar="ISPBILLS_PASSWORD", help="Or ISPBILLS_PASSWORD.")
@click.option("--wait", "seconds", type=float, default=0, help="How long to wait until the operator shows.")
def bootstrap(email: str, password: str, seconds: float) -> None:
    """On an empty state: make the root operator ISP and its admin. Again: nothing."""

    async def work(tx: Tx) -> bool:
        await tx.execute("SELECT pg_advisory_xact_lock($1)", BOOTSTRAP_LOCK)
        if await user_store.any_user(tx):
            return False
        root = new_id()
        await _add(tx, email, "Administrator", password, "admin", str(root))
        command = CreateOperator(
            operator_id=root,
            code="ISP",
            name="ISP",
            parent_id=None,
            actor=Actor(kind="system", name="bootstrap"),
        )
        await outbox.say(tx, [Said(command)])
        return True

    click.echo("made the first operator and its admin" if in_gateway(work) else "there are users already")
    give_up = time.monotonic() + seconds
    while in_gateway(operator_store.root_operator_id) is None and time.monotonic() < give_up:
        time.sleep(0.2)


@users.command("reset-second-factor")
@click.option("--email", required=True)
def reset_second_factor(email: str) -> None:
    """Let a user who lost phone and recovery codes sign in by the password alone."""

    async def work(tx: Tx) -> None:
        known = await user_store.by_email(tx, email.lower())
        if known is None:
            raise not_found("There is no such user.")
        await user_store.forget_second_factor(tx, known["id"])

    in_gateway(work)
    click.echo(f"{email} signs in by the password alone")


@click.group()
def tokens() -> None:
    """Create API tokens."""


@tokens.command("create")
@click.option("--user", "email", required=True, help="Whose token: their e-mail address.")
@click.option("--name", default="command line", show_default=True)
def create(email: str, name: str) -> None:
    """Print a new API token, and nothing else."""

    async def work(tx: Tx) -> str:
        owner = await user_store.by_email(tx, email.lower())
        if owner is None:
            raise not_found("There is no such user.")
        return str((await token_commands.issue_token(tx, owner, name))["token"])

    click.echo(in_gateway(work))
