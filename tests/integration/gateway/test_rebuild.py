"""A rebuild gets in nobody's way and ends, whatever happens to it; its command says what happened."""

from __future__ import annotations

import asyncio
import random
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from click.testing import CliRunner

from cli.view import view
from gateway.store import rebuild
from shared.contracts.envelope import Message
from shared.contracts.invoicing import InvoiceIssued
from shared.contracts.payments import PaymentRecorded
from shared.db import Connection, Pool
from shared.migrate import SCHEMAS, Schema, migrate
from tests.integration.gateway.harness import GatewayHarness, customer, invoice, operator, paid
from tests.integration.gateway.sums import summed, totals_of

GATEWAY = next(schema for schema in SCHEMAS if schema.name == "gateway")


@pytest_asyncio.fixture
async def office(database_url: str) -> AsyncIterator[Connection]:
    """The superuser, as whom a rebuild works."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def _begun(connection: Connection) -> UUID:
    while (holder := await rebuild.begin(connection)) is None:
        await asyncio.sleep(random.uniform(0.01, 0.1))
    return holder


async def _swapped(connection: Connection, holder: UUID) -> None:
    while not await rebuild.swap(connection, holder):
        await rebuild.renew(connection, holder)
        await asyncio.sleep(random.uniform(0.01, 0.1))
    while not await rebuild.drop_old(connection):
        await asyncio.sleep(random.uniform(0.01, 0.1))


async def _is_rebuilding(connection: Connection) -> bool:
    return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM gateway.view_rebuild)"))


_STATISTICS = """SELECT attname, attstattarget FROM pg_attribute
                  WHERE attrelid = 'gateway.bill'::regclass AND attstattarget >= 0 ORDER BY attnum"""


async def test_a_rebuild_fills_the_shadow_and_the_swap_shows_it(
    harness: GatewayHarness, office: Connection
) -> None:
    issued, other = invoice(harness.abdul, "NORTH-000001"), invoice(harness.mitu, "SOUTH-000001")
    await harness.say(issued)
    policies = await office.fetch("SELECT tablename, policyname, qual FROM pg_policies ORDER BY 1, 2")
    targets = await office.fetch(_STATISTICS)
    await harness.pool.execute("UPDATE bill_total SET bills = 99")
    holder = await _begun(office)
    await harness.say(other)
    await _republish(harness, [issued, other])
    assert await harness.pool.fetchval("SELECT max(bills) FROM bill_total") == 100
    assert await rebuild.swap(office, holder)
    assert await rebuild.drop_old(office)
    assert await totals_of(harness.pool) == await summed(harness.pool)
    await harness.say(paid(issued, 5_000))
    assert await totals_of(harness.pool) == await summed(harness.pool)
    assert not await _is_rebuilding(office)
    again = await office.fetch("SELECT tablename, policyname, qual FROM pg_policies ORDER BY 1, 2")
    assert again == policies
    assert targets
    assert await office.fetch(_STATISTICS) == targets


async def _republish(harness: GatewayHarness, said: list[Message]) -> None:
    """Every owner says its rows again."""
    await harness.say_batch([harness.root, harness.north, harness.south])
    await harness.say(harness.plan)
    await harness.say_batch([harness.abdul, harness.mitu])
    for kind in (InvoiceIssued, PaymentRecorded):
        if rows := [each for each in said if isinstance(each, kind)]:
            await harness.say_batch(rows)


async def test_twenty_rebuilds_among_writers_and_readers_meet_no_deadlock(
    harness: GatewayHarness, office: Connection, gateway_pool: Pool
) -> None:
    said: list[Message] = []
    stop = asyncio.Event()
    busy = [asyncio.create_task(_bill_and_pay(harness, said, stop, seed)) for seed in range(3)]
    busy += [asyncio.create_task(_open_resellers(harness, stop))]
    busy += [asyncio.create_task(_read(gateway_pool, stop, order)) for order in (1, -1)]
    for _ in range(20):
        holder = await _begun(office)
        await _republish(harness, list(said))
        await _swapped(office, holder)
    stop.set()
    await asyncio.gather(*busy)
    assert await harness.pool.fetchval("SELECT count(*) FROM bill") == len(said) / 2
    assert await totals_of(harness.pool) == await summed(harness.pool)
    await office.execute("SELECT pg_stat_clear_snapshot()")
    assert await _deadlocks(office) == 0


async def _deadlocks(connection: Connection) -> int:
    await asyncio.sleep(1.1)  # a backend tells its figures at most once a second
    statement = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return int(await connection.fetchval(statement))


async def _bill_and_pay(harness: GatewayHarness, said: list[Message], stop: asyncio.Event, seed: int) -> None:
    chance, number = random.Random(seed), 0
    while not stop.is_set():
        number += 1
        issued = invoice(chance.choice([harness.abdul, harness.mitu]), f"X{seed}-{number:06d}")
        said += (money := [issued, paid(issued, 5_000)])
        await harness.say(*money)
        # What is under way when the others republish is said again, as the broker would.
        await harness.say(*money)
        await asyncio.sleep(0.1)


async def _open_resellers(harness: GatewayHarness, stop: asyncio.Event) -> None:
    number = 0
    while not stop.is_set():
        number += 1
        reseller = operator(f"R{number}", harness.south)
        await harness.say(reseller, customer(f"C{number}", reseller, harness.plan))
        await asyncio.sleep(0.2)


async def _read(pool: Pool, stop: asyncio.Event, order: int) -> None:
    """Pages read several tables in one transaction, in an order of their own."""
    tables = ["operator", "customer", "bill", "bill_total", "payment", "run"][::order]
    while not stop.is_set():
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT set_config('app.reach', 'all', true)")
            for table in tables:
                await connection.fetchval(f"SELECT count(*) FROM {table}")


async def test_a_rebuild_that_was_killed_is_over_for_the_next_one(
    harness: GatewayHarness, office: Connection, database_url: str
) -> None:
    killed = await asyncio.to_thread(_begin_and_kill, database_url)
    assert await _is_rebuilding(office)
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    holder = await _begun(office)
    assert holder != killed
    await _republish(harness, [issued])
    await _swapped(office, holder)
    assert await totals_of(harness.pool) == await summed(harness.pool)


def _begin_and_kill(database_url: str) -> UUID:
    program = f"""
import asyncio, asyncpg, time
from gateway.store import rebuild
async def main():
    connection = await asyncpg.connect({database_url!r})
    print(await rebuild.begin(connection), flush=True)
    time.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        holder = UUID(process.stdout.readline().strip())
        process.kill()
    return holder


async def test_writing_twice_ends_with_the_lease(harness: GatewayHarness, office: Connection) -> None:
    holder = await _begun(office)
    await office.execute("UPDATE gateway.view_rebuild SET expires_at = now() - interval '1 second'")
    await harness.say(invoice(harness.abdul, "NORTH-000001"))
    assert not await _is_rebuilding(office)
    assert await office.fetchval("SELECT count(*) FROM gateway_shadow.bill") == 0
    with pytest.raises(rebuild.RebuildEnded):
        await rebuild.renew(office, holder)
    with pytest.raises(rebuild.RebuildEnded):
        await rebuild.swap(office, holder)
    assert await totals_of(harness.pool) == await summed(harness.pool)


async def test_a_lease_that_ran_out_unseen_can_be_renewed_for_nothing_was_missed(
    harness: GatewayHarness, office: Connection
) -> None:
    holder = await _begun(office)
    await office.execute("UPDATE gateway.view_rebuild SET expires_at = now() - interval '1 second'")
    await rebuild.renew(office, holder)
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    await _republish(harness, [issued])
    assert await rebuild.swap(office, holder)
    assert await totals_of(harness.pool) == await summed(harness.pool)


async def test_a_migration_ends_a_rebuild_and_no_event_is_parked(
    harness: GatewayHarness, office: Connection, database_url: str, tmp_path: Path
) -> None:
    holder = await _begun(office)
    files = shutil.copytree(GATEWAY.migrations, tmp_path / "migrations")
    shutil.copy(GATEWAY.migrations.parent / "grants.sql", tmp_path)
    (files / "9999_column.sql").write_text("ALTER TABLE bill ADD COLUMN added text NOT NULL DEFAULT 'x';")
    grown = Schema(GATEWAY.name, files, GATEWAY.roles, GATEWAY.shadow)
    assert await migrate(database_url, {}, [grown]) == ["gateway: 9999_column.sql"]
    issued = invoice(harness.abdul, "NORTH-000001")
    await harness.say(issued)
    assert await totals_of(harness.pool) == await summed(harness.pool)
    with pytest.raises(rebuild.RebuildEnded):
        await rebuild.renew(office, holder)
    with pytest.raises(rebuild.RebuildEnded):
        await rebuild.swap(office, holder)
    assert await rebuild.abandon(office, holder)
    second = await _begun(office)
    await _republish(harness, [issued])
    await _swapped(office, second)
    assert await harness.pool.fetchval("SELECT added FROM bill") == "x"


async def test_a_migration_waits_for_nobody_who_writes_the_shadow(
    harness: GatewayHarness, office: Connection, database_url: str, tmp_path: Path
) -> None:
    await _begun(office)
    files = shutil.copytree(GATEWAY.migrations, tmp_path / "migrations")
    shutil.copy(GATEWAY.migrations.parent / "grants.sql", tmp_path)
    (files / "9999_column.sql").write_text("ALTER TABLE bill ADD COLUMN added text NOT NULL DEFAULT 'x';")
    stop, said = asyncio.Event(), list[Message]()
    busy = [asyncio.create_task(_bill_and_pay(harness, said, stop, seed)) for seed in range(3)]
    await asyncio.sleep(0.2)
    await migrate(database_url, {}, [Schema(GATEWAY.name, files, GATEWAY.roles, GATEWAY.shadow)])
    await asyncio.sleep(0.2)
    stop.set()
    await asyncio.gather(*busy)
    assert await totals_of(harness.pool) == await summed(harness.pool)
    assert await _deadlocks(office) == 0


async def test_a_second_rebuild_is_told_that_one_is_running(
    harness: GatewayHarness, office: Connection, database_url: str
) -> None:
    await _begun(office)
    other = await asyncpg.connect(database_url)
    try:
        with pytest.raises(rebuild.RebuildRunning) as running:
            await _begun(other)
        assert isinstance(running.value.since, datetime)
    finally:
        await other.close()
    said = await _command(DATABASE_URL=database_url, KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:9")
    assert said.exit_code == 3
    assert said.output.startswith("Error: Another rebuild is running since 20")


async def test_no_rebuild_begins_during_a_migration(
    harness: GatewayHarness, office: Connection, database_url: str
) -> None:
    other = await asyncpg.connect(database_url)
    try:
        await other.execute("SELECT pg_advisory_lock($1)", rebuild.MIGRATION_LOCK)
        with pytest.raises(rebuild.MigrationRunning):
            await _begun(office)
    finally:
        await other.close()


async def test_the_command_says_in_a_sentence_that_nothing_answers() -> None:
    said = await _command(
        DATABASE_URL="postgresql://nobody@127.0.0.1:9/none", KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:9"
    )
    assert said.exit_code == 1
    assert said.output.startswith("Error: The database or Kafka failed (")
    assert said.output.endswith("The view is as it was; run the command again.\n")
    assert "Traceback" not in said.output


async def _at_once(_deadline: float) -> None:
    """Nothing lies on the road."""


async def test_a_command_that_gives_up_leaves_nothing_behind(
    harness: GatewayHarness, office: Connection, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.view._caught_up", _at_once)
    said = await _command(
        "--wait-seconds", "1", DATABASE_URL=database_url, KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:9"
    )
    assert said.exit_code == 1
    assert said.output == (
        "Error: It took longer than --wait-seconds. The view is as it was; run the command again.\n"
    )
    assert not await _is_rebuilding(office)
    assert await office.fetchval("SELECT to_regnamespace('gateway_shadow')") is None


async def _command(*arguments: str, **environment: str):  # type: ignore[no-untyped-def]
    runner = CliRunner()
    return await asyncio.to_thread(runner.invoke, view, ["rebuild", *arguments], env=environment)
