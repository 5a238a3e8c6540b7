"""Waits until the stores and services can work, and says which ones cannot."""

import asyncio
import http.client
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from devstack.errors import StackError
from shared.kafka import Kafka

_STORE_SECONDS = 180.0
_SERVICE_SECONDS = 300.0
_SAY_EVERY_SECONDS = 10.0
_TAIL_LINES = 15


def wait_for_postgres(database_url: str, directory: Path) -> None:
    """Return once Postgres answers, with the stack's database made if it was missing."""
    asyncio.run(_wait_for_postgres(database_url, directory))


def wait_for_kafka(kafka: Kafka, directory: Path) -> None:
    """Return once Kafka shows at least one broker to its clients."""
    asyncio.run(_wait_for_kafka(kafka, directory))


def wait_for_services(
    ports: Mapping[str, int], directory: Path, is_alive: Callable[[], bool], say: Callable[[str], None]
) -> None:
    """Return once each answers 200 at /health/ready; an error shows the last words of the rest."""
    began = said = time.monotonic()
    while waiting := unready(ports):
        now = time.monotonic()
        if not is_alive():
            raise StackError("the stack was stopped while it was starting")
        if now - began > _SERVICE_SECONDS:
            raise StackError(_complaint(waiting, directory))
        if now - said > _SAY_EVERY_SECONDS:
            said = now
            say(f"still waiting for {', '.join(waiting)}")
        time.sleep(0.1)


def unready(ports: Mapping[str, int]) -> list[str]:
    """Those that do not answer 200 at /health/ready now."""
    return [name for name, port in ports.items() if not _is_ready(port)]


def tail(log: Path, lines: int) -> list[str]:
    """The last lines of a log, none when there is no log yet."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - 400 * lines))
            return file.read().decode(errors="replace").splitlines()[-lines:]
    except FileNotFoundError:
        return []


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _complaint(names: Iterable[str], directory: Path) -> str:
    parts = []
    for name in names:
        log = directory / "logs" / f"{name}.log"
        parts.append("\n".join([f"{name} is not ready; the end of {log}:", *tail(log, _TAIL_LINES)]))
    return "\n\n".join(parts)


async def _wait_for_postgres(database_url: str, directory: Path) -> None:
    # Imported only here and below: without them `status` and `stop` answer in half the time.
    import asyncpg

    from shared.db import FAILURES

    maintenance = urlsplit(database_url)._replace(path="/postgres").geturl()
    database = urlsplit(database_url).path.lstrip("/")
    deadline = time.monotonic() + _STORE_SECONDS
    while True:
        try:
            connection = await asyncpg.connect(maintenance, timeout=5)
            break
        except FAILURES as error:
            if time.monotonic() > deadline or isinstance(error, asyncpg.InvalidPasswordError):
                raise StackError(f"{_complaint(['postgres'], directory)}\n{error}") from error
            await asyncio.sleep(0.1)
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
            await connection.execute(f'CREATE DATABASE "{database}"')
    finally:
        await connection.close()


async def _wait_for_kafka(kafka: Kafka, directory: Path) -> None:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    deadline = time.monotonic() + _STORE_SECONDS
    while not await _has_broker(kafka):
        if time.monotonic() > deadline:
            raise StackError(_complaint(["kafka"], directory))
        await asyncio.sleep(0.1)


async def _has_broker(kafka: Kafka) -> bool:
    from aiokafka.client import AIOKafkaClient
    from aiokafka.errors import KafkaError

    client = AIOKafkaClient(**kafka.aiokafka(), request_timeout_ms=3000)
    try:
        await client.bootstrap()
        return bool(client.cluster.brokers())
    except (KafkaError, OSError):
        return False
    finally:
        await client.close()
