"""The road of every test here: a topic of its own and a service that adds up what it hears."""

from __future__ import annotations

import uuid

import asyncpg
import pytest
import structlog

from shared.contracts.topics import Topic
from shared.kafka import Kafka
from shared.settings import ServiceSettings
from shared.topics import create_topics
from tests.conftest import PoolFor, as_role
from tests.integration.plumbing.road import Road


@pytest.fixture(autouse=True, scope="package")
def plain_tracebacks() -> None:
    """Failures are what is tested here, and a traceback with every local in colour takes seconds."""
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])


@pytest.fixture
async def road(database_url: str, kafka: str, pool_for: PoolFor) -> Road:
    topic = "road-" + uuid.uuid4().hex
    await create_topics(Kafka(kafka), [Topic(topic, partitions=3)])
    owner = await asyncpg.connect(database_url, server_settings={"search_path": "notifications"})
    await owner.execute("CREATE TABLE tally (total bigint, times bigint)")
    await owner.execute("INSERT INTO tally VALUES (0, 0)")
    await owner.execute("GRANT ALL ON tally TO notifications")
    await owner.close()
    settings = ServiceSettings(
        database_url=as_role(database_url, "notifications"), kafka_bootstrap_servers=kafka
    )
    return Road(await pool_for("notifications"), settings, topic)
