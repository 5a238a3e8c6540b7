"""SQL is code: every named statement may be run, against the migrated schema, by the role that runs it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from gateway.store.bill_pages import SORTS, pages
from shared.migrate import SCHEMAS
from tests.conftest import PoolFor
from tests.statements import HOMES, ROOT, statements_of


@pytest.mark.parametrize("role", HOMES)
async def test_every_statement_may_be_run_by_its_role(role: str, pool_for: PoolFor) -> None:
    """EXPLAIN checks names, types and privileges as running does, and changes nothing."""
    pool = await pool_for(role)
    async with pool.acquire() as connection:
        for name, sql in statements_of(role).items():
            try:
                if sql.lstrip().upper().startswith("SET "):
                    await connection.prepare(sql)
                else:
                    await connection.execute(f"EXPLAIN (GENERIC_PLAN) {sql}")
            except asyncpg.InsufficientPrivilegeError as error:
                raise AssertionError(
                    f"{name}: {error}. Declare what the role `{role}` does there in "
                    f"{HOMES[role]}/grants.sql: the verb, and for UPDATE the columns"
                ) from error
            except asyncpg.PostgresError as error:
                raise AssertionError(f"{name}: {error}") from error


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
async def test_every_table_is_declared_with_its_grants(schema: object, database_url: str) -> None:
    name, home = schema.name, schema.migrations.parent  # type: ignore[attr-defined]
    declared = (home / "grants.sql").read_text() + (ROOT / "shared/grants.sql").read_text()
    connection = await asyncpg.connect(database_url)
    tables = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = $1::regnamespace "
        "AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition AND relname <> 'schema_migration'",
        name,
    )
    await connection.close()
    words = set(declared.replace("(", " ").replace(";", " ").replace(",", " ").split())
    missing = sorted(row["relname"] for row in tables if row["relname"] not in words)
    assert not missing, (
        f"nobody may use {', '.join(missing)} of {name}: declare who does what with each in "
        f"{home.relative_to(ROOT)}/grants.sql, or name it there in a comment as being for nobody"
    )


async def test_what_a_runbook_asks_of_a_schema_is_there(database_url: str) -> None:
    """In the schema that is named, or, for `SCHEMA`, in every one."""
    pages = sorted((ROOT / "docs/runbooks").glob("*.md"))
    assert [
        page.name for page in pages if re.search(r'ispbills sql (?![^"`]*--schema)', page.read_text())
    ] == []
    asked = {
        asked
        for page in pages
        for asked in re.findall(
            r'`ispbills sql [^"`]*--schema (\w+) "((?:SELECT|DELETE) [^"`]+)"`', page.read_text()
        )
    }
    assert asked
    connection = await asyncpg.connect(database_url)
    for schema in SCHEMAS:
        await connection.execute(f"SET search_path TO {schema.name}")
        for named, sql in asked:
            if named in ("SCHEMA", schema.name):
                await connection.prepare(sql)
    await connection.close()


def test_no_statement_names_a_schema() -> None:
    schemas = ("invoicing", "payments", "notifications", "documents", "gateway")
    for path in _sql_files():
        code = "\n".join(line.partition("--")[0] for line in path.read_text().splitlines())
        for schema in schemas:
            for verb in ("FROM", "JOIN", "INTO", "UPDATE", "TABLE"):
                assert f"{verb} {schema}." not in code, f"{path.name} names the schema {schema}"


def _sql_files() -> list[Path]:
    return [path for home in ("shared", "services", "gateway") for path in (ROOT / home).rglob("*.sql")]


def test_there_is_a_page_of_bills_for_every_sort() -> None:
    names = [name for name in pages.available_queries if not name.endswith("_cursor")]
    assert len(names) == 6 * len(SORTS), "five ways, and the bills that a search found"


def test_no_two_statements_of_a_room_share_a_name() -> None:
    """Loaded into one place, the second would take the first one's without a word."""
    for room in {path.parent for path in _sql_files() if path.parent.name == "sql"}:
        text = "\n".join(path.read_text() for path in room.glob("*.sql"))
        names = re.findall(r"^-- name: (\w+)", text, re.MULTILINE)
        assert sorted(names) == sorted(set(names)), room


STORES = {
    "gateway": ("gateway/store", "gateway/projection"),
    "services/documents": ("services/documents/store",),
    "services/invoicing": ("services/invoicing/store",),
    "services/notifications": ("services/notifications/store",),
    "services/payments": ("services/payments/store",),
    "cli": (),
}
# Commands on the databases themselves, over the heads of the services: no store knows of schemas that change
# their names, of all outboxes at once, of sessions, or of promises between schemas. They call no service's
# statement.
OVER_THE_STORES = ("cli/audit/", "cli/backup.py", "cli/database.py", "cli/users.py", "cli/view.py")
RUNS_SQL = {"fetch", "fetchrow", "fetchval", "execute", "executemany"}
STATEMENTS = {"queries", "_queries"}
# A provider of payments carries out what its customer agreed to: the field's word for it.
NO_STATEMENTS = {"provider.execute"}


@pytest.mark.parametrize("room", STORES)
def test_statements_are_called_by_functions_of_the_store_alone(room: str) -> None:
    """Whoever needs rows calls a function with a name and types; `Row` is all that others know of it."""
    for path in (ROOT / room).rglob("*.py"):
        if not str(path.relative_to(ROOT)).startswith(STORES[room]):
            broken = list(_ways_around_the_store(ast.parse(path.read_text())))
            if str(path.relative_to(ROOT)).startswith(OVER_THE_STORES):
                broken = [each for each in broken if each not in RUNS_SQL]
            assert not broken, f"{path.relative_to(ROOT)}: {broken}"


@pytest.mark.parametrize(
    "line",
    [
        "from gateway.store.statements import named",
        "from gateway.store import statements",
        "from shared.db import statements",
        "import aiosql",
        "rows = tx.fetch('SELECT 1')",
        "from services.documents.store import queries",
        "row = store.queries.operator(tx)",
        "from services.payments.store.statements import Row, queries",
        "rows = [row async for row in self.tx.fetch(sql)]",
    ],
)
def test_a_way_around_the_store_is_noticed(line: str) -> None:
    assert list(_ways_around_the_store(ast.parse(line)))


def _ways_around_the_store(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name == "aiosql")
        elif isinstance(node, ast.ImportFrom):
            names = {each.name for each in node.names}
            if node.module == "gateway.store.statements":
                names -= {"Row"}
            elif node.module != "aiosql":
                names &= {"statements", *STATEMENTS}
            yield from names
        elif isinstance(node, ast.Attribute) and node.attr in RUNS_SQL | STATEMENTS:
            yield from {node.attr} - ({"execute"} if ast.unparse(node) in NO_STATEMENTS else set())
