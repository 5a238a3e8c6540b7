"""`ispbills sessions` and `ispbills sql`: who waits for whom, and one statement, guarded."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import asyncpg
import pytest
from click.testing import CliRunner, Result

from cli.main import main
from tests.integration.plumbing.road import Road
from tests.patience import until


@pytest.fixture
def stack(database_url: str) -> Iterator[None]:
    with patch.dict(os.environ, {"DATABASE_URL": database_url}):
        yield


async def call(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, main, arguments, catch_exceptions=False)


@pytest.mark.usefixtures("stack")
async def test_sessions_name_who_is_waited_for_and_end_them(road: Road, database_url: str) -> None:
    blocker, waiter = await asyncpg.connect(database_url), await asyncpg.connect(database_url)
    await blocker.execute("BEGIN; LOCK TABLE notifications.inbox")
    waiting = asyncio.create_task(waiter.execute("BEGIN; LOCK TABLE notifications.inbox; COMMIT"))
    pid = str(blocker.get_server_pid())

    async def seen() -> list[str] | None:
        lines = (await call("sessions")).stdout.splitlines()
        return next((line.split() for line in lines if line.startswith(f"{waiter.get_server_pid()} ")), None)

    assert pid in await until(seen, "the waiter is shown")
    assert (await call("sessions", "--end", pid)).stdout == f"session {pid} is ended\n"
    await waiting
    assert (await call("sessions", "--end", pid)).exit_code == 1
    blocker.terminate()
    await waiter.close()


@pytest.mark.usefixtures("stack")
async def test_sql_changes_nothing_unless_it_may(road: Road) -> None:
    lease = "INSERT INTO relay_lease VALUES ('outbox-drill', gen_random_uuid(), now())"
    delete = "DELETE FROM relay_lease WHERE name = 'outbox-drill'"
    await road.pool.execute(lease)
    refused = await call("sql", "--schema", "notifications", delete)
    assert (refused.exit_code, refused.output) == (
        1, "Error: cannot execute DELETE in a read-only transaction\n",
    )  # fmt: skip
    asked = await call(
        "sql", "--schema", "notifications", "SELECT name FROM relay_lease WHERE name LIKE '%drill'"
    )
    assert asked.stdout == "name\noutbox-drill\nSELECT 1\n"
    assert (await call("sql", "--schema", "notifications", "--write", delete)).stdout == "DELETE 1\n"


@pytest.mark.usefixtures("stack")
async def test_what_a_store_or_the_disk_refuses_is_said_in_one_line(tmp_path: Path) -> None:
    (file := tmp_path / "file").touch()
    for command, said in (
        (("sessions", "--end", "9" * 30), "Postgres takes no such value: "),
        (("backup", "--to", str(file)), f"{file}: File exists\n"),
        (("backup", "--to", str(file / "backups")), f"{file / 'backups'}: Not a directory\n"),
    ):
        refused = await call(*command)
        assert refused.exit_code == 1
        assert refused.output.startswith(f"Error: {said}"), refused.output
        assert refused.output.count("\n") == 1


async def test_a_store_that_is_away_is_named_in_one_line() -> None:
    nobody = {"DATABASE_URL": "postgresql://postgres@127.0.0.1:1/ispbills"}
    for command in (("sessions",), ("dead-letters", "list"), ("audit",)):
        with patch.dict(os.environ, nobody | {"INVOICING_DATABASE_URL": nobody["DATABASE_URL"]}):
            said = await call(*command)
        assert said.exit_code == 1
        assert said.output.startswith("Error: Postgres or Kafka does not answer: ConnectionRefusedError"), (
            said
        )
