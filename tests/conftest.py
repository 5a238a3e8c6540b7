"""Real stores for every test: one Postgres and one Kafka a session, a database of its own for each test."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeAlias
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import hypothesis
import pytest
import pytest_asyncio
from xdist.scheduler import LoadFileScheduling

from shared import db
from shared.contracts.topics import TOPICS
from shared.db import Pool
from shared.kafka import Kafka
from shared.migrate import AUDITOR, SCHEMAS, migrate
from shared.topics import create_topics
from tests.stores import Stores, running_stores

PASSWORD = "test-only"

PoolFor: TypeAlias = Callable[[str], Awaitable[Pool]]


# A property holds or does not, on a busy machine too.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")


def pytest_configure() -> None:
    """Give each tester (`pytest -n 2`) ports of its own."""
    tester = os.environ.get("PYTEST_XDIST_WORKER")
    if tester:
        base = int(os.environ.get("ISPBILLS_PORT_BASE", "18600"))
        os.environ["ISPBILLS_PORT_BASE"] = str(base + 100 * int(tester.removeprefix("gw")))


class ByStack(LoadFileScheduling):
    """A file's tests stay together, and so do all that share one running stack."""

    def _split_scope(self, nodeid: str) -> str:
        folder = nodeid.split("/")[1]
        return folder if folder in {"browser", "journeys"} else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByStack:
    return ByStack(config, log)


def on_database(url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def as_role(url: str, role: str) -> str:
    """The same database as one of the services' login roles."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{role}:{PASSWORD}@{parts.hostname}:{parts.port}"))


@pytest.fixture(scope="session")
def stores() -> Iterator[Stores]:
    with running_stores() as running:
        asyncio.run(_do_without_the_disk(running.database_url))
        yield running


async def _do_without_the_disk(url: str) -> None:
    """A database a test is made and dropped; that it would survive a power cut is of no use."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        await _execute(url, f"ALTER SYSTEM SET {setting} = off")
    await _execute(url, "ALTER SYSTEM SET max_wal_size = '512MB'")
    await _execute(url, "SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def kafka(stores: Stores) -> str:
    """Bootstrap servers of a broker that has every topic."""
    asyncio.run(create_topics(Kafka(stores.kafka_bootstrap_servers), TOPICS))
    return stores.kafka_bootstrap_servers


@pytest.fixture(scope="session")
def template(stores: Stores) -> str:
    """A migrated database to copy; its name."""
    name = "template_" + uuid.uuid4().hex
    asyncio.run(_make_template(stores.database_url, name))
    return name


async def _make_template(url: str, name: str) -> None:
    await _execute(url, f"CREATE DATABASE {name}")
    roles = {role: as_role(url, role) for schema in SCHEMAS for role in (*schema.roles, AUDITOR)}
    await migrate(on_database(url, name), roles)


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest_asyncio.fixture
async def database_url(stores: Stores, template: str) -> AsyncIterator[str]:
    """A migrated, empty database of the test's own, as superuser."""
    name = "test_" + uuid.uuid4().hex
    await _execute(stores.database_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield on_database(stores.database_url, name)
    await _execute(stores.database_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def pool_for(database_url: str) -> AsyncIterator[PoolFor]:
    """`await pool_for("payments")`: a pool with that role's rights, on its schema."""
    opened: list[Pool] = []

    async def open_as(role: str, schema: str | None = None) -> Pool:
        home = schema or next(each.name for each in SCHEMAS if role in each.roles)
        pool = await db.open_pool(as_role(database_url, role), schema=home, application_name=f"test-{role}")
        opened.append(pool)
        return pool

    yield open_as
    for pool in opened:
        pool.terminate()
