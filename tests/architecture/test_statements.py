"""SQL is code: every named statement prepares against the migrated schema, as the role that runs it."""

from __future__ import annotations

from pathlib import Path

import aiosql
import pytest

from gateway.store.bill_pages import SORTS, pages
from tests.conftest import PoolFor

ROOT = Path(__file__).resolve().parents[2]
ROLES = {
    "services/invoicing": "invoicing",
    "services/payments": "payments",
    "services/notifications": "notifications",
    "services/documents": "documents",
    "gateway": "gateway",
    "shared": "notifications",
}


def statement_folders() -> list[tuple[str, str]]:
    return [
        (str(folder.relative_to(ROOT)), role)
        for home, role in ROLES.items()
        for folder in sorted((ROOT / home).rglob("sql"))
    ]


@pytest.mark.parametrize(("folder", "role"), statement_folders())
async def test_every_statement_prepares(folder: str, role: str, pool_for: PoolFor) -> None:
    queries = aiosql.from_path(ROOT / folder, "asyncpg", mandatory_parameters=False)
    names = [name for name in queries.available_queries if not name.endswith("_cursor")]
    assert names
    pool = await pool_for(role)
    async with pool.acquire() as connection:
        for name in names:
            sql = getattr(queries, name).sql
            try:
                await connection.prepare(sql)
            except Exception as error:
                raise AssertionError(f"{folder}: {name}: {error}") from error


def test_no_statement_names_a_schema() -> None:
    schemas = ("invoicing", "payments", "notifications", "documents", "gateway")
    for home in ROLES:
        for path in (ROOT / home).rglob("*.sql"):
            code = "\n".join(line.partition("--")[0] for line in path.read_text().splitlines())
            for schema in schemas:
                for verb in ("FROM", "JOIN", "INTO", "UPDATE", "TABLE"):
                    assert f"{verb} {schema}." not in code, f"{path.name} names the schema {schema}"


async def test_every_page_of_bills_prepares_for_every_sort(pool_for: PoolFor) -> None:
    names = [name for name in pages.available_queries if not name.endswith("_cursor")]
    assert len(names) == 4 * len(SORTS)
    pool = await pool_for("gateway")
    async with pool.acquire() as connection:
        for name in names:
            await connection.prepare(getattr(pages, name).sql)
