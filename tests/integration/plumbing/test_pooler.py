"""Through a PgBouncer in transaction mode everything works that a service asks of its pool."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shared import db
from shared.db import Pool
from shared.migrate import migrate
from tests.conftest import as_role
from tests.integration.plumbing.road import Road
from tests.pooler import KEEPS_STATEMENTS, pooled, version

CLIENTS, SERVERS = 8, 2


@pytest_asyncio.fixture
async def pooler(database_url: str) -> AsyncIterator[str]:
    """The address of the gateway's role behind fewer connections than ask at once."""
    await migrate(database_url, {})  # a copied database has its template's tables, not its roles' settings
    with pooled({"gateway": as_role(database_url, "gateway")}, SERVERS) as urls:
        yield urls["gateway"]


@pytest_asyncio.fixture(params=[0, 100], ids=["no statement kept", "statements kept"])
async def pool(pooler: str, request: pytest.FixtureRequest) -> AsyncIterator[Pool]:
    if request.param and version() < KEEPS_STATEMENTS:
        pytest.skip("this PgBouncer is from before 1.21 and keeps no statements")
    opened = await db.open_pool(
        pooler,
        schema="gateway",
        application_name="pooled",
        max_size=CLIENTS,
        statement_cache_size=request.param,
    )
    yield opened
    opened.terminate()


async def test_every_session_sees_its_schema_and_settings(pool: Pool) -> None:
    async def look(_: int) -> list[str]:
        return [await pool.fetchval(f"SHOW {name}") for name in db.role_settings("gateway")]

    expected = ["gateway, public", "UTC", "10s", "off", "0"]
    assert await asyncio.gather(*map(look, range(40))) == [expected] * 40


async def test_what_a_transaction_sets_ends_with_it_whoever_comes_next(pool: Pool) -> None:
    async def work(number: int) -> None:
        async with db.in_transaction(pool) as tx:
            assert await tx.fetchval("SELECT coalesce(current_setting('app.top', TRUE), '')") == ""
            await tx.execute("SELECT set_config('app.top', $1, TRUE)", str(number))
            await tx.execute("SELECT pg_advisory_xact_lock(7, $1)", number % 3)
            async for row in tx.cursor("SELECT current_setting('app.top') FROM generate_series(1, $1)", 120):
                assert row[0] == str(number)

    await asyncio.gather(*map(work, range(60)))
    assert await pool.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0


async def test_statements_of_several_processes_do_not_mix(pool: Pool, pooler: str) -> None:
    kept = pool._connect_kwargs["statement_cache_size"]
    other = await db.open_pool(
        pooler, schema="gateway", application_name="other", max_size=CLIENTS, statement_cache_size=kept
    )

    async def ask(number: int) -> None:
        asked = f"SELECT $1::integer + {number % 9}"
        for each in (pool, other):
            assert await each.fetchval(asked, number) == number + number % 9

    await asyncio.gather(*map(ask, range(120)))
    await other.close()


async def test_a_service_works_through_it_and_listens_past_it(road: Road) -> None:
    direct = road.settings.database_url
    with pooled({"notifications": direct}, SERVERS) as urls:
        road.settings = road.settings.model_copy(
            update={
                "database_url": urls["notifications"],
                "database_direct_url": direct,
                "statement_cache_size": 100 if version() >= KEEPS_STATEMENTS else 0,
            }
        )
        async with road.open():
            await road.say(range(1, 201))
            await road.until(20_100)
    assert await road.tally() == (20_100, 200)
