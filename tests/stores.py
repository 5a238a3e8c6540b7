"""Where the tests' Postgres and Kafka come from: the environment, a Docker engine, or the embedded stack."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from devstack import environment, kafka, ports, postgres, readiness, state
from tests import patience

MEMORY = "/dev/shm"
BYTES_IN_MEMORY = 4 * 2**30


@dataclass(frozen=True)
class Stores:
    """A real Postgres (as superuser) and a real Kafka."""

    database_url: str
    kafka_bootstrap_servers: str


@contextmanager
def running_stores() -> Iterator[Stores]:
    """Both stores, up while the context lasts."""
    given = os.environ.get("DATABASE_URL"), os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if given[0] and given[1]:
        yield Stores(given[0], given[1])
    elif _docker_answers():
        with _containers() as stores:
            yield stores
    else:
        with _embedded() as stores:
            yield stores


def _docker_answers() -> bool:
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, timeout=20).returncode == 0


@contextmanager
def _containers() -> Iterator[Stores]:
    from testcontainers.kafka import KafkaContainer
    from testcontainers.postgres import PostgresContainer

    with ExitStack() as stack:
        database = stack.enter_context(PostgresContainer("postgres:18", driver=None))
        broker = stack.enter_context(KafkaContainer("apache/kafka:4.1.0"))
        yield Stores(database.get_connection_url(), broker.get_bootstrap_server())


def new_home(prefix: str) -> Path:
    """Make a folder for stores, in memory where there is enough of it.

    A database is copied for each test, some thousand files; Kafka makes as many for a stack's topics.
    """
    has_memory = os.path.isdir(MEMORY) and shutil.disk_usage(MEMORY).free >= BYTES_IN_MEMORY
    if has_memory and psutil.virtual_memory().available >= 2 * BYTES_IN_MEMORY:
        return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY))
    return Path(tempfile.mkdtemp(prefix=prefix))


@contextmanager
def _embedded() -> Iterator[Stores]:
    directory = new_home("ispbills-tests-")
    known = state.State()
    ports.choose(known)
    state.save(known, directory)
    variables = environment.write(known, directory)
    postgres.prepare(known, directory)
    kafka.prepare(known, directory)
    (directory / "logs").mkdir()
    mine = os.environ | {"ISPBILLS_STATE_DIR": str(directory)}
    database = [sys.executable, "-m", "devstack.postgres.run"]
    commands = {"postgres": database, "kafka": kafka.command(directory)}
    running = []
    try:
        for name, command in commands.items():
            log = (directory / "logs" / f"{name}.log").open("wb")
            running.append(subprocess.Popen(command, env=mine, stdout=log, stderr=log))
        readiness.wait_for_postgres(variables["DATABASE_URL"], directory)
        readiness.wait_for_kafka(environment.kafka_of(variables), directory)
        yield Stores(variables["DATABASE_URL"], variables["KAFKA_BOOTSTRAP_SERVERS"])
    finally:
        stops = (
            signal.SIGINT,
            signal.SIGKILL,
        )
        for process, stop in zip(running, stops, strict=False):
            process.send_signal(stop)
        for process in running:
            process.wait(timeout=patience.SECONDS)
        shutil.rmtree(directory, ignore_errors=True)
