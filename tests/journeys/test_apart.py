"""Payments and the gateway move to databases of their own, as docs/scale.md says, and the work goes on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import asyncpg
import pytest

from tests.conftest import on_database
from tests.journeys.conftest import PARTNER, settle_in
from tests.journeys.stack import Office, Stack, own_stack, signed_in
from tests.journeys.test_restoring import come_back, shows_paid, wired

MOVED = {"payments": ("payments",), "gateway": ("gateway", "projector")}


@pytest.fixture
def own() -> Iterator[Stack]:
    """A stack of this journey's own: one that others use keeps its database."""
    with own_stack(int(os.environ.get("ISPBILLS_PORT_BASE", "29700")) + 40) as stack:
        stack.up()
        yield stack


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


async def move(stack: Stack, schema: str) -> None:
    """The steps of docs/scale.md, in their order."""
    home = stack.addresses["database_url"]
    for process in MOVED[schema]:
        await asyncio.to_thread(stack.ispbills, "stop", process)
    said = await asyncio.to_thread(stack.ispbills, "backup", schema, "--to", str(stack.directory / "moves"))
    await execute(home, f"ALTER SCHEMA {schema} RENAME TO {schema}_before_it_moved")
    await execute(home, f"CREATE DATABASE of_{schema}")
    stack.environment[f"{schema.upper()}_OWNER_DATABASE_URL"] = on_database(home, f"of_{schema}")
    await asyncio.to_thread(stack.ispbills, "migrate")
    await asyncio.to_thread(stack.ispbills, "restore", said.strip())


async def bill_and_pay(stack: Stack, office: Office, period: str) -> None:
    """A month is billed, and paid in cash and through a partner."""
    await office.run(period)
    in_cash, by_wire = (await office.open_bills(period))[:2]
    await office.done(await office.pay(in_cash))
    await wired(stack, by_wire)
    for bill in (in_cash, by_wire):
        await shows_paid(office, bill)


async def test_services_move_to_databases_of_their_own_and_every_promise_holds(own: Stack) -> None:
    async with signed_in(own) as office:
        await settle_in(office)
        await asyncio.to_thread(own.ispbills, "partners", "add", PARTNER, "--operator", "ISP")
        await bill_and_pay(own, office, "2024-01")
    for schema in MOVED:
        await move(own, schema)
    # A dev stack tells its processes their addresses at a start.
    await asyncio.to_thread(own.down)
    await asyncio.to_thread(own.up)
    for schema in MOVED:
        await execute(own.addresses["database_url"], f"DROP SCHEMA {schema}_before_it_moved CASCADE")
    await own.audit()

    async with signed_in(own) as office:
        await bill_and_pay(own, office, "2024-02")
        await own.audit()
        await asyncio.to_thread(own.ispbills, "view", "rebuild")
        said = await asyncio.to_thread(
            own.ispbills, "backup", "payments", "--to", str(own.directory / "backups")
        )
        await bill_and_pay(own, office, "2024-03")
        await asyncio.to_thread(come_back, own, said.split(), ("payments",))
        assert not await office.open_bills("2024-04")
        await bill_and_pay(own, office, "2024-04")
    await own.audit()
