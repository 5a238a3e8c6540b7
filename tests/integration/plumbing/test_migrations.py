"""Migrations: beside writers, one after another, and whole again after an interruption."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from click.testing import CliRunner

from cli.main import main
from shared import migrate as migrations
from shared.db import Connection
from shared.migrate import NO_TRANSACTION, PLUMBING, SCHEMAS, DatabaseIsNewer, Schema, migrate, statements_of
from shared.release import VERSION
from tests.conftest import as_role, on_database
from tests.patience import until
from tests.stores import Stores

# The numbers of the first release, which met no rows yet.
FIRST_RELEASE = {"shared": 1, "gateway": 6}
# Tables of one row, or of a handful: reading them through holds up nobody.
SMALL = {"billing_settings", "installation", "relay_lease", "view_rebuild", "dead_letter"}
# Reads only what a partial index holds, the open chunks of runs: none between two runs.
EXCEPTED = {
    ("invoicing", "0002_runs_freeze_their_customers.sql"),
    # Writes the key of each customer's code once, before anything is released: row-level security would keep
    # an index on a function of the code from being used.
    ("gateway", "0024_imports_that_can_be_undone.sql"),
    # Put earlier money down to an operator once, likewise before anything is released.
    ("payments", "0008_whose_money.sql"),
    ("gateway", "0030_payments_by_operator.sql"),
}
# What neither keeps writers out nor minds being applied again.
HARMLESS = re.compile(
    r"SET (lock|statement)_timeout = \S+$"
    r"|CREATE (UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS "
    r"|DROP INDEX CONCURRENTLY IF EXISTS "
    r"|ALTER TABLE \w+ VALIDATE CONSTRAINT \w+$"
)
WANTED = """
SELECT EXISTS (SELECT FROM pg_locks
                WHERE relation = $1::regclass AND mode = 'AccessExclusiveLock' AND NOT granted)
"""
TABLES = """
SELECT c.relname, pg_relation_filenode(c.oid) AS file,
       coalesce(pg_stat_get_xact_numscans(c.oid), 0) AS scans
  FROM pg_class AS c
 WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r'
"""


def later_files() -> list[tuple[Schema, Path]]:
    """Every migration after the first release, with the schemas that it is for."""
    files = [(schema, path) for schema in SCHEMAS for path in sorted(PLUMBING.glob("*.sql"))]
    files += [(schema, path) for schema in SCHEMAS for path in sorted(schema.migrations.glob("*.sql"))]
    return [(schema, path) for schema, path in files if is_later(schema, path)]


def is_later(schema: Schema, path: Path) -> bool:
    home = "shared" if path.parent == PLUMBING else schema.name
    return int(path.name[:4]) > FIRST_RELEASE.get(home, 1) and (home, path.name) not in EXCEPTED


@pytest_asyncio.fixture
async def empty(stores: Stores) -> AsyncIterator[str]:
    """A database without schemas."""
    name = "empty_" + uuid.uuid4().hex
    connection = await asyncpg.connect(stores.database_url)
    await connection.execute(f"CREATE DATABASE {name}")
    yield on_database(stores.database_url, name)
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


async def test_no_migration_rewrites_or_reads_through_a_table_that_is_there(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever lock it takes is then a matter of milliseconds, and of its lock_timeout while it waits."""
    seen: list[str] = []
    apply = migrations._apply

    async def watched(connection: Connection, schema: Schema, name: str, text: str, checksum: str) -> None:
        home = PLUMBING if name.startswith("shared/") else schema.migrations
        if not is_later(schema, home / name.rpartition("/")[2]) or text.startswith(NO_TRANSACTION):
            await apply(connection, schema, name, text, checksum)
            return
        async with connection.transaction():
            before = {row["relname"]: row for row in await connection.fetch(TABLES, schema.name)}
            await apply(connection, schema, name, text, checksum)
            after = {row["relname"]: row for row in await connection.fetch(TABLES, schema.name)}
        for table in (before.keys() & after.keys()) - SMALL:
            if before[table]["file"] != after[table]["file"]:
                seen.append(f"{schema.name}: {name} rewrites {table}")
            if before[table]["scans"] != after[table]["scans"]:
                seen.append(f"{schema.name}: {name} reads through {table}")

    monkeypatch.setattr(migrations, "_apply", watched)
    await migrate(empty, {role: as_role(empty, role) for schema in SCHEMAS for role in schema.roles})
    assert seen == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("CREATE INDEX ON t (a)", "reads through"),
        ("ALTER TABLE t ADD CONSTRAINT a_is_positive CHECK (a > 0)", "reads through"),
        ("ALTER TABLE t ALTER COLUMN a SET NOT NULL", "reads through"),
        ("ALTER TABLE t ADD COLUMN b uuid DEFAULT gen_random_uuid()", "rewrites"),
        ("UPDATE t SET a = 2", "reads through"),
        ("ALTER TABLE t ADD COLUMN b integer NOT NULL DEFAULT 1", None),
        ("ALTER TABLE t ADD CONSTRAINT a_is_positive CHECK (a > 0) NOT VALID", None),
    ],
)
async def test_the_watch_sees_what_would_hold_up_writers(
    empty: str, statement: str, fault: str | None
) -> None:
    connection = await asyncpg.connect(empty)
    try:
        await connection.execute("CREATE TABLE t (a integer); INSERT INTO t VALUES (1)")
        async with connection.transaction():
            (before,) = await connection.fetch(TABLES, "public")
            await connection.execute(statement)
            (after,) = await connection.fetch(TABLES, "public")
    finally:
        await connection.close()
    rewritten, read = before["file"] != after["file"], before["scans"] != after["scans"]
    assert ("rewrites" if rewritten else "reads through" if read else None) == fault


def test_what_runs_outside_a_transaction_keeps_nobody_out_and_can_run_again() -> None:
    for _, path in later_files():
        text = path.read_text()
        if text.startswith(NO_TRANSACTION):
            statements = statements_of(text)
            assert [each for each in statements if not HARMLESS.match(each)] == [], path.name


async def test_an_index_is_made_beside_a_writer_and_made_anew_when_it_was_interrupted(
    empty: str, tmp_path: Path
) -> None:
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE t (a integer); INSERT INTO t VALUES (1), (1);")
    schema = Schema("piecemeal", tmp_path, ("notifications",))
    await migrate(empty, {}, [schema])
    index = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS t_once ON t (a);"
    (tmp_path / "0002_index.sql").write_text(f"{NO_TRANSACTION}\nSET lock_timeout = '5s';\n\n{index}\n")
    with pytest.raises(asyncpg.UniqueViolationError):
        await migrate(empty, {}, [schema])
    connection = await asyncpg.connect(empty)
    try:
        assert await is_valid(connection) is False
        await connection.execute("DELETE FROM piecemeal.t WHERE ctid = '(0,1)'")
        making = asyncio.create_task(migrate(empty, {}, [schema]))
        while not making.done():
            await connection.execute("INSERT INTO piecemeal.t SELECT max(a) + 1 FROM piecemeal.t")
        assert await making == ["piecemeal: 0002_index.sql"]
        assert await is_valid(connection) is True
    finally:
        await connection.close()
    assert await migrate(empty, {}, [schema]) == []


async def is_valid(connection: Connection) -> bool | None:
    found: bool | None = await connection.fetchval(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'piecemeal.t_once'::regclass"
    )
    return found


async def test_a_writer_passes_a_migration_that_waits_for_a_reader(empty: str, tmp_path: Path) -> None:
    """A backup or an audit reads for minutes; a table that is waited for lets nobody in."""
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE t (a integer);")
    schema = Schema("behind", tmp_path, ("notifications",))
    await migrate(empty, {}, [schema])
    (tmp_path / "0002_more.sql").write_text(
        "SET LOCAL lock_timeout = '5s';\nALTER TABLE t ADD COLUMN b integer;\n"
    )
    reader, writer = await asyncpg.connect(empty), await asyncpg.connect(empty)
    try:
        reading = reader.transaction()
        await reading.start()
        await reader.fetch("SELECT a FROM behind.t")
        making = asyncio.create_task(migrate(empty, {}, [schema]))
        for _ in range(2):
            await until(lambda: writer.fetchval(WANTED, "behind.t"), "the migration asks for the table")
            # As long as the file's own patience it must not take.
            await writer.execute("SET statement_timeout = '2s'; INSERT INTO behind.t VALUES (1)")
        assert not making.done()
        await reading.rollback()
        assert await making == ["behind: 0002_more.sql"]
        assert await writer.fetchval("SELECT count(*) FROM behind.t WHERE b IS NULL") == 2
    finally:
        await reader.close()
        await writer.close()


async def test_an_older_release_refuses_a_newer_database_and_changes_nothing(
    empty: str, tmp_path: Path
) -> None:
    later = tmp_path / "later"
    later.mkdir()
    (later / "0001_first.sql").write_text("CREATE TABLE first (id bigint);")
    (later / "0002_later.sql").write_text("CREATE TABLE later (id bigint);")
    newer = Schema("documents", later, ("documents",))
    assert await migrate(empty, {}, [newer])
    (later / "0002_later.sql").unlink()
    (later / "0003_ours.sql").write_text("CREATE TABLE ours (id bigint);")
    with pytest.raises(DatabaseIsNewer, match=r"documents: 0002_later\.sql"):
        await migrate(empty, {}, [newer])
    connection = await asyncpg.connect(empty)
    assert await connection.fetchval("SELECT to_regclass('documents.ours')") is None
    await connection.close()


def test_a_release_names_the_state_of_the_database_that_it_stands_on() -> None:
    said = json.loads(CliRunner().invoke(main, ["version", "--json"]).stdout)
    assert said["version"] == VERSION
    for schema in SCHEMAS:
        newest = max(path.name for path in PLUMBING.glob("*.sql"))
        own = [path.name for path in schema.migrations.glob("*.sql")]
        assert said["migrations"][schema.name] == [f"shared/{newest}", *([max(own)] if own else [])]
