"""Services in databases of their own: migrated where they lie, read by the audit from the home database."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from cli.audit.promises import look, reading
from shared import foreign
from shared.migrate import AUDITOR, SCHEMAS
from tests.conftest import as_role, on_database
from tests.integration.audit.test_audit import BREAKS, SOUND_MONTH, careless
from tests.security.test_database_roles import DENIED_TO_THE_AUDITOR
from tests.stores import Stores

ROOT = Path(__file__).resolve().parents[3]
APART = ("payments", "gateway")
NEWER = "INSERT INTO payments.schema_migration (name, checksum) VALUES ('0999_of_tomorrow.sql', 'x')"
SHOWN = """
SELECT n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind::text = $1 AND n.nspname = ANY ($2) GROUP BY n.nspname ORDER BY n.nspname
"""
COLUMN = """
SELECT count(*) FROM pg_attribute WHERE attrelid = 'payments.account'::regclass AND attname = 'later'
"""
PASSWORD_IS = "SELECT rolpassword FROM pg_authid WHERE rolname = 'auditor'"


@dataclass(frozen=True)
class Apart:
    """A home database and those of payments and the gateway, with the command line beside them."""

    home: str
    places: dict[str, str]
    kafka: str
    folder: Path

    async def ispbills(self, *arguments: str, fails: bool = False, **told: str) -> str:
        """What the command says; an address that is told as empty is one that was forgotten."""
        names = {f"{schema.upper()}_OWNER_DATABASE_URL": url for schema, url in self.places.items()}
        environment = os.environ | names | {
            "DATABASE_URL": self.home,
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "PROJECTOR_AUDIT_DATABASE_URL": as_role(self.home, AUDITOR),
            "ISPBILLS_STATE_DIR": str(self.folder / "state"),
        } | told  # fmt: skip
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "cli.main", *arguments],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert (done.returncode != 0) == fails, done.stdout
        return str(done.stdout)


async def fetch(url: str, statement: str, *arguments: object) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [str(row[0]) for row in await connection.fetch(statement, *arguments)]
    finally:
        await connection.close()


@pytest_asyncio.fixture
async def apart(stores: Stores, template: str, kafka: str, tmp_path: Path) -> AsyncIterator[Apart]:
    """Three databases without schemas. (`template` has told the server's roles the passwords of tests.)"""
    names = {each: f"{each}_{uuid.uuid4().hex}" for each in ("home", *APART)}
    for name in names.values():
        await fetch(stores.database_url, f"CREATE DATABASE {name}")
    urls = {each: on_database(stores.database_url, name) for each, name in names.items()}
    yield Apart(urls["home"], {each: urls[each] for each in APART}, kafka, tmp_path)
    for name in names.values():
        await fetch(stores.database_url, f"DROP DATABASE {name} WITH (FORCE)")


async def test_each_schema_is_made_where_its_address_leads_and_shown_at_home(apart: Apart) -> None:
    said = await apart.ispbills("migrate")
    assert "applied  payments: 0001_payments.sql" in said
    every = [schema.name for schema in SCHEMAS]
    assert await fetch(apart.home, SHOWN, "r", every) == ["documents", "invoicing", "notifications"]
    assert await fetch(apart.home, SHOWN, "f", every) == ["gateway", "payments"]
    for schema, url in apart.places.items():
        assert await fetch(url, SHOWN, "r", every) == [schema]
    assert "promises hold" in await apart.ispbills("audit")

    await fetch(apart.places["payments"], "ALTER TABLE payments.account ADD COLUMN later integer")
    assert await fetch(apart.home, COLUMN) == ["0"]
    assert "applied" not in await apart.ispbills("migrate")
    assert await fetch(apart.home, COLUMN) == ["1"]
    assert "promises hold" in await apart.ispbills("audit")


async def test_what_breaks_a_promise_is_named_apart_as_it_is_together(
    apart: Apart, database_url: str, stores: Stores
) -> None:
    """A month is broken in every way that leaves room for the next, then its schemas part."""
    async with careless(database_url) as connection:
        await connection.execute(SOUND_MONTH)
        for _, _, how in BREAKS:
            with suppress(asyncpg.PostgresError):  # broken already
                await connection.execute(how)
    together = await broken(as_role(database_url, AUDITOR))
    # Two promises need that nothing else is broken; the others are.
    assert len({promise for promise, _ in together}) > 40

    for url, kept in [(apart.home, {"invoicing", "notifications", "documents"}),
                      *((url, {schema}) for schema, url in apart.places.items())]:  # fmt: skip
        name, original = url.rpartition("/")[2], database_url.rpartition("/")[2]
        await fetch(stores.database_url, f"DROP DATABASE {name}")
        await fetch(stores.database_url, f"CREATE DATABASE {name} TEMPLATE {original} STRATEGY file_copy")
        for schema in {each.name for each in SCHEMAS} - kept:
            await fetch(url, f"DROP SCHEMA {schema} CASCADE")
    await apart.ispbills("migrate")
    for who in (as_role(apart.home, AUDITOR), apart.home):
        assert await broken(who) == together


async def broken(url: str) -> set[tuple[str, str]]:
    async with reading(url) as connection:
        return {(each.promise, each.id) for each in await look(connection)}


async def test_whoever_reads_at_home_reads_as_the_auditor_and_writes_nothing(apart: Apart) -> None:
    await apart.ispbills("migrate")
    for url in (as_role(apart.home, AUDITOR), as_role(apart.places["payments"], AUDITOR)):
        connection = await asyncpg.connect(url)
        for statement in DENIED_TO_THE_AUDITOR:
            if url.endswith(connection_of(apart.home)) or "payments" in statement:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
        await connection.close()
    # The owner at home is nobody's owner elsewhere.
    for statement in ("SELECT sealed FROM payments.payment_gateway", "DELETE FROM payments.payment"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await fetch(apart.home, statement)
    for role in ("payments", "invoicing"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await fetch(as_role(apart.home, role), "SELECT amount_minor FROM payments.payment")


def connection_of(url: str) -> str:
    return url.rpartition("/")[2]


async def test_a_password_that_nobody_was_told_lets_the_home_database_in(
    apart: Apart, stores: Stores
) -> None:
    before = await fetch(stores.database_url, PASSWORD_IS)
    try:
        await apart.ispbills("migrate", PROJECTOR_AUDIT_DATABASE_URL="")
        assert "promises hold" in await apart.ispbills("audit", PROJECTOR_AUDIT_DATABASE_URL="")
        drawn = await foreign.password_of_auditor(apart.home, APART)
        await apart.ispbills("migrate", PROJECTOR_AUDIT_DATABASE_URL="")
        assert await foreign.password_of_auditor(apart.home, APART) == drawn
    finally:
        await fetch(stores.database_url, f"ALTER ROLE auditor PASSWORD '{before[0]}'")


async def test_one_newer_database_keeps_all_of_them_as_they_are(apart: Apart) -> None:
    await apart.ispbills("migrate")
    await fetch(apart.places["payments"], NEWER)
    await fetch(apart.home, "DROP SCHEMA documents CASCADE")
    said = await apart.ispbills("migrate", fails=True)
    assert "payments: 0999_of_tomorrow.sql" in said
    assert await fetch(apart.home, "SELECT to_regnamespace('documents')") == ["None"]


async def test_a_schema_that_was_left_behind_is_named_with_what_to_do(apart: Apart) -> None:
    await apart.ispbills("migrate", PAYMENTS_OWNER_DATABASE_URL="")
    said = await apart.ispbills("migrate", fails=True)
    assert "ALTER SCHEMA payments RENAME TO payments_before_it_moved" in said
    assert await fetch(apart.places["payments"], SHOWN, "r", ["payments"]) == []
    await fetch(apart.home, "ALTER SCHEMA payments RENAME TO payments_before_it_moved")
    await apart.ispbills("migrate")
    assert "promises hold" in await apart.ispbills("audit")


async def test_two_spellings_of_one_database_are_noticed(apart: Apart) -> None:
    twice = f"{apart.home}?sslmode=prefer"
    said = await apart.ispbills("migrate", fails=True, PAYMENTS_OWNER_DATABASE_URL=twice)
    assert "leave the address out, if both are the same database" in said


async def test_a_forgotten_address_makes_no_second_schema_and_no_empty_backup(apart: Apart) -> None:
    await apart.ispbills("migrate")
    for command in (("migrate",), ("backup", "gateway", "--to", str(apart.folder)), ("view", "rebuild")):
        said = await apart.ispbills(*command, fails=True, GATEWAY_OWNER_DATABASE_URL="")
        assert "GATEWAY_OWNER_DATABASE_URL" in said
    assert await fetch(apart.home, SHOWN, "f", ["gateway"]) == ["gateway"]


async def test_who_is_on_call_sees_every_database(apart: Apart) -> None:
    await apart.ispbills("migrate")
    where = await apart.ispbills("sql", "--schema", "payments", "SELECT current_database()")
    assert connection_of(apart.places["payments"]) in where
    holder = await asyncpg.connect(apart.places["payments"])
    await holder.execute("BEGIN; LOCK TABLE payments.account")
    pid = str(holder.get_server_pid())
    shown = await apart.ispbills("sessions")
    assert [line for line in shown.splitlines() if line.endswith(" lies:")] == [
        "where gateway lies:", "where invoicing lies:", "where payments lies:",
    ]  # fmt: skip
    assert f"\n{pid} " in shown
    assert "--schema" in await apart.ispbills("sessions", "--end", pid, fails=True)
    assert "is ended" in await apart.ispbills("sessions", "--schema", "payments", "--end", pid)
    holder.terminate()
