"""Migrations over large tables: each file after those of the first release, beside writers that are timed.

`python -m tests.upgrade.large_tables --rows 1000000` fills the largest tables as the first release made them,
lets one writer a table change a row again and again, and applies the rest. Exit 0: nobody waited for longer
than a second. The time of a wait is a clock's on this machine: with nothing else on it, it is a lock's.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import click

from shared import migrate as migrations
from shared.db import Connection
from shared.migrate import SCHEMAS, Schema, migrate
from tests.conftest import on_database
from tests.journeys.stack import ROOT
from tests.stores import running_stores

# The last file of each schema that met no rows in any release; what it does would hold up writers of many.
MET_NO_ROWS = {"gateway": 30, "payments": 8, "invoicing": 2, "notifications": 1, "documents": 1}
READ_MODEL = ROOT / "bench/sql/fill_read_model.sql"
OTHERS = Path(__file__).parent / "sql/fill_large_tables.sql"
WRITES = {
    "gateway.bill": "UPDATE gateway.bill SET invoice_version = invoice_version + 1 WHERE id = $1",
    "gateway.customer": "UPDATE gateway.customer SET version = version + 1 WHERE id = $1",
    "gateway.payment": "UPDATE gateway.payment SET version = version + 1 WHERE id = $1",
    "invoicing.customer": "UPDATE invoicing.customer SET version = version + 1 WHERE id = $1",
    "invoicing.invoice": "UPDATE invoicing.invoice SET version = version + 1 WHERE id = $1",
    "payments.receivable": "UPDATE payments.receivable SET version = version + 1 WHERE invoice_id = $1",
    "payments.payment": "UPDATE payments.payment SET version = version + 1 WHERE payment_id = $1",
}
LONGEST_SECONDS = 1.0


@dataclass
class Writer:
    """Changes rows of one table, one after another, and keeps the longest time that one took."""

    table: str
    during: str = "nothing"
    longest_seconds: float = 0.0
    longest_during: str = ""
    writes: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, url: str) -> None:
        statement = WRITES[self.table]
        key = statement.rpartition("WHERE ")[2].split(" ")[0]
        connection = await asyncpg.connect(url, server_settings={"search_path": "public"})
        try:
            rows = await connection.fetch(f"SELECT {key} FROM {self.table} LIMIT 1000")
            while not self.done.is_set():
                during, started = self.during, time.perf_counter()
                await connection.execute(statement, rows[self.writes % len(rows)][0])
                self._note(time.perf_counter() - started, during)
                await asyncio.sleep(0.005)
        finally:
            await connection.close()

    def _note(self, seconds: float, during: str) -> None:
        self.writes += 1
        if seconds > self.longest_seconds:
            self.longest_seconds, self.longest_during = seconds, during


def first_release(home: Path) -> list[Schema]:
    """The schemas with the files alone that met no rows."""
    schemas = []
    for schema in SCHEMAS:
        folder = home / schema.name / "migrations"
        folder.mkdir(parents=True)
        for path in schema.migrations.glob("*.sql"):
            if int(path.name[:4]) <= MET_NO_ROWS[schema.name]:
                shutil.copy(path, folder)
        schemas.append(Schema(schema.name, folder, schema.roles, schema.shadow))
    return schemas


async def fill(url: str, rows: int) -> None:
    connection = await asyncpg.connect(url, command_timeout=1_200)
    try:
        await connection.execute("SELECT set_config('bench.bills', $1, FALSE)", str(rows))
        await connection.execute(
            "INSERT INTO gateway.operator (id, code, name, path, version)"
            " SELECT id, 'ISP', 'ISP', ARRAY[id], 1 FROM (SELECT uuidv7() AS id) AS root"
        )
        for file in (READ_MODEL, OTHERS):
            for statement in file.read_text().split(";\n"):
                if statement.strip():
                    await connection.execute(statement)
    finally:
        await connection.close()


async def apply_beside_writers(url: str) -> tuple[list[str], list[Writer]]:
    """Apply what is left; the files and the writers."""
    writers = [Writer(table) for table in WRITES]
    apply = migrations._apply

    async def watched(connection: Connection, schema: Schema, name: str, text: str, checksum: str) -> None:
        for writer in writers:
            writer.during = f"{schema.name}: {name}"
        started = time.perf_counter()
        await apply(connection, schema, name, text, checksum)
        click.echo(f"{time.perf_counter() - started:7.1f} s  {schema.name}: {name}")

    migrations._apply = watched
    writing = [asyncio.create_task(writer.run(url)) for writer in writers]
    try:
        applied = await migrate(url, {})
    finally:
        migrations._apply = apply
        for writer in writers:
            writer.done.set()
        await asyncio.gather(*writing)
    return applied, writers


async def drill(server_url: str, rows: int) -> list[Writer]:
    """Make the tables, fill them, migrate; the writers."""
    name = "large_" + uuid.uuid4().hex
    connection = await asyncpg.connect(server_url)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    url = on_database(server_url, name)
    with tempfile.TemporaryDirectory() as home:
        await migrate(url, {}, first_release(Path(home)))
    started = time.perf_counter()
    await fill(url, rows)
    click.echo(f"{time.perf_counter() - started:7.1f} s  to fill the tables with {rows:,} rows each")
    applied, writers = await apply_beside_writers(url)
    click.echo(f"{len(applied)} migrations applied")
    return writers


@click.command()
@click.option("--rows", default=1_000_000, show_default=True)
def main(rows: int) -> None:
    """Time writers of large tables while they are migrated."""
    with running_stores() as stores:
        writers = asyncio.run(drill(stores.database_url, rows))
    for writer in writers:
        click.echo(
            f"{writer.table:20} {writer.writes:8,} writes, the longest {writer.longest_seconds * 1e3:6.0f} ms"
            f" during {writer.longest_during}"
        )
    raise SystemExit(any(writer.longest_seconds > LONGEST_SECONDS for writer in writers))


if __name__ == "__main__":
    os.environ.setdefault("ISPBILLS_PORT_BASE", "29400")
    main()
