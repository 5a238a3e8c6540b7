"""Migrations: forward only, plain SQL, one schema and one owner per service.

`ispbills migrate` is the only one to run them, never a replica at its start. Each file is applied once, in
order, in a transaction of its own, as the schema's owner; the service's login role can change rows but not
tables. A file that was changed after it had been applied is an error.

What would read through a large table (an index, a check of its rows) stands in a file whose first line is
`-- migrate: no-transaction`: its statements are applied one by one, each so that it can be applied again. An
index that an interrupted one left invalid is dropped first. Nobody waits for a migration that waits: it asks
for a table for a third of a second at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
import structlog

from shared.db import Connection, role_settings

log = structlog.get_logger()

ROOT = Path(__file__).resolve().parent.parent
PLUMBING_GRANTS = ROOT / "shared/grants.sql"
PLUMBING = ROOT / "shared" / "migrations"
LOCK = 7_326_001
NO_TRANSACTION = "-- migrate: no-transaction"
# Reads in every schema what the promises of `ispbills audit` are about, and changes nothing; see decision 31.
AUDITOR = "auditor"
# Files of the first releases say five seconds, and one that was applied may not be changed.
_LOCK_TIMEOUT = re.compile(r"SET LOCAL lock_timeout = '[^']+'")
LONGEST_LOCK_WAIT_MS = 300
GIVE_WAY_SECONDS = 1.0
_INDEX = re.compile(r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS (\w+)")


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema, the folder of its migrations and the login roles that use it.

    What each role may do is declared in `grants.sql` beside that folder; the first has the plumbing too.
    `shadow` is the schema where copies of its tables may be in the making. It is dropped before a file is
    applied: a copy that lacks a new column would make everything fail that is written to both.
    """

    name: str
    migrations: Path
    roles: tuple[str, ...]
    shadow: str | None = None


SCHEMAS = (
    Schema("invoicing", ROOT / "services/invoicing/migrations", ("invoicing",)),
    Schema("payments", ROOT / "services/payments/migrations", ("payments",)),
    Schema("notifications", ROOT / "services/notifications/migrations", ("notifications",)),
    Schema("documents", ROOT / "services/documents/migrations", ("documents",)),
    Schema("gateway", ROOT / "gateway/migrations", ("gateway", "projector"), "gateway_shadow"),
)


class MigrationChanged(RuntimeError):
    """A migration that has been applied reads differently now; write a new one instead."""


class DatabaseIsNewer(RuntimeError):
    """The database was migrated by a later release; only that one, or one after it, may migrate it again."""


def newest_migrations(schema: Schema) -> list[str]:
    """The last of the plumbing's files and the last of the schema's own."""
    return [files[-1][0] for files in (_files(PLUMBING, "shared/"), _files(schema.migrations, "")) if files]


def _files(folder: Path, prefix: str) -> list[tuple[str, Path]]:
    return [(prefix + path.name, path) for path in sorted(folder.glob("*.sql"))]


async def migrate(
    database_url: str, role_urls: Mapping[str, str], schemas: Sequence[Schema] = SCHEMAS
) -> list[str]:
    """Bring every schema up to date as superuser; answers the names of the files applied.

    `role_urls` holds each login role's own address: its password is set from there. Without an address the
    auditor has no password, and nobody signs in as it.
    """
    connection = await asyncpg.connect(database_url)
    try:
        await take_turn(connection)
        await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        applied: list[str] = []
        await refuse_to_go_back(connection, schemas)
        await _ensure_login(connection, AUDITOR, role_urls)
        for schema in schemas:
            await _prepare(connection, schema, role_urls)
            applied += await _apply_all(connection, schema)
            await _grant_anew(connection, schema)
        return applied
    finally:
        await connection.close()


async def take_turn(connection: Connection) -> None:
    """Wait for another migration; asking now and then, as a statement that waits would block its indexes."""
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
        await asyncio.sleep(0.2)


async def refuse_to_go_back(connection: Connection, schemas: Sequence[Schema]) -> None:
    """Raise `DatabaseIsNewer` before anything is touched, naming what this release does not know."""
    unknown: list[str] = []
    for schema in schemas:
        if await connection.fetchval("SELECT to_regclass($1)", f"{schema.name}.schema_migration") is None:
            continue
        rows = await connection.fetch(f"SELECT name FROM {schema.name}.schema_migration ORDER BY name")
        ours = {name for name, _ in [*_files(PLUMBING, "shared/"), *_files(schema.migrations, "")]}
        unknown += [f"{schema.name}: {row['name']}" for row in rows if row["name"] not in ours]
    if unknown:
        raise DatabaseIsNewer(", ".join(unknown))


async def _prepare(connection: Connection, schema: Schema, role_urls: Mapping[str, str]) -> None:
    """The schema, its owner and its login roles, which may do nothing by default."""
    owner = f"{schema.name}_owner"
    await _ensure_role(connection, owner, "NOLOGIN")
    for role in schema.roles:
        await _ensure_login(connection, role, role_urls)
        await _keep_settings(connection, schema, role)
    roles = ", ".join((*schema.roles, AUDITOR))
    await connection.execute(
        f"""
        CREATE SCHEMA IF NOT EXISTS {schema.name} AUTHORIZATION {owner};
        GRANT USAGE ON SCHEMA {schema.name} TO {roles};
        ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema.name}
            REVOKE ALL ON TABLES FROM {roles};
        ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema.name}
            REVOKE ALL ON SEQUENCES FROM {roles};
        ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
        CREATE TABLE IF NOT EXISTS {schema.name}.schema_migration (
            name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
        """
    )


async def _keep_settings(connection: Connection, schema: Schema, role: str) -> None:
    """Give a login role its settings in this database."""
    database = await connection.fetchval("SELECT quote_ident(current_database())")
    for name, setting in role_settings(schema.name).items():
        value = setting if name == "search_path" else f"'{setting}'"
        await connection.execute(f"ALTER ROLE {role} IN DATABASE {database} SET {name} TO {value}")


async def _grant_anew(connection: Connection, schema: Schema) -> None:
    """Take from the login roles whatever they may do, and give what is declared: in one transaction, so that
    a service that is running never misses what it keeps."""
    roles = ", ".join((*schema.roles, AUDITOR))
    async with connection.transaction():
        await connection.execute(
            f"""
            REVOKE ALL ON ALL TABLES IN SCHEMA {schema.name} FROM {roles}, PUBLIC;
            REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema.name} FROM {roles}, PUBLIC;
            REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema.name} FROM {roles}, PUBLIC;
            """
        )
        await connection.execute(f"SET LOCAL search_path TO {schema.name}, public")
        await give_grants(connection, schema)


async def give_grants(connection: Connection, schema: Schema) -> None:
    """Give the login roles what `grants.sql` declares, on the tables that the search path finds."""
    await connection.execute(f"SET LOCAL ROLE {schema.name}_owner")
    declared = schema.migrations.parent / "grants.sql"
    own = declared.read_text() if declared.exists() else ""
    await connection.execute(PLUMBING_GRANTS.read_text().replace(":role", schema.roles[0]) + own)
    await connection.execute("RESET ROLE")


async def _ensure_login(connection: Connection, role: str, role_urls: Mapping[str, str]) -> None:
    await _ensure_role(connection, role, "LOGIN")
    if url := role_urls.get(role):
        quoted = await connection.fetchval("SELECT quote_literal($1::text)", password_of(url))
        await connection.execute(f"ALTER ROLE {role} PASSWORD {quoted}")


def password_of(url: str) -> str:
    """Return the password of an address; empty if it has none."""
    return unquote(urlsplit(url).password or "")


async def _ensure_role(connection: Connection, role: str, kind: str) -> None:
    if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role):
        await connection.execute(f"CREATE ROLE {role} {kind}")


async def _apply_all(connection: Connection, schema: Schema) -> list[str]:
    rows = await connection.fetch(f"SELECT name, checksum FROM {schema.name}.schema_migration")
    known = {row["name"]: row["checksum"] for row in rows}
    applied = []
    for name, path in [*_files(PLUMBING, "shared/"), *_files(schema.migrations, "")]:
        text = path.read_text()
        checksum = hashlib.sha256(text.encode()).hexdigest()
        if name not in known:
            await _drop_shadow(connection, schema)
            await _apply(connection, schema, name, text, checksum)
            applied.append(f"{schema.name}: {name}")
        elif known[name] != checksum:
            raise MigrationChanged(f"{schema.name}: {name}")
    return applied


async def _drop_shadow(connection: Connection, schema: Schema) -> None:
    """Give way to those who write to it, and try again; whoever fills the shadow sees that it is gone."""
    while schema.shadow is not None:
        try:
            async with connection.transaction():
                await connection.execute("SET LOCAL lock_timeout = '200ms'")
                await connection.execute(f"DROP SCHEMA IF EXISTS {schema.shadow} CASCADE")
            return
        except asyncpg.LockNotAvailableError:
            await asyncio.sleep(0.1)


async def _apply(connection: Connection, schema: Schema, name: str, text: str, checksum: str) -> None:
    """Apply a file, and again while somebody reads a table that it changes: a backup, an audit.

    What works beside writers keeps nobody waiting and has its own patience.
    """

    async def attempt() -> None:
        if text.startswith(NO_TRANSACTION):
            await _apply_piecemeal(connection, schema, text)
            await _note(connection, schema, name, checksum)
        else:
            await _apply_whole(connection, schema, name, text, checksum)

    await giving_way(attempt, schema=schema.name, file=name)


async def giving_way(attempt: Callable[[], Awaitable[None]], **what: str) -> None:
    """Attempt what needs tables that somebody may be reading, until it gets them.

    Whoever waits for a table keeps everybody who comes later waiting as well, so an attempt waits shortly,
    lets them pass, and comes back.
    """
    is_told = False
    while True:
        try:
            return await attempt()
        except asyncpg.LockNotAvailableError:
            if not is_told:
                log.info("a migration waits for whoever reads a table", **what)
            is_told = True
            await asyncio.sleep(GIVE_WAY_SECONDS)


async def _apply_whole(connection: Connection, schema: Schema, name: str, text: str, checksum: str) -> None:
    async with connection.transaction():
        await connection.execute(f"SET LOCAL ROLE {schema.name}_owner")
        await connection.execute(f"SET LOCAL search_path TO {schema.name}, public")
        await connection.execute(
            _LOCK_TIMEOUT.sub(f"SET LOCAL lock_timeout = '{LONGEST_LOCK_WAIT_MS}ms'", text)
        )
        await connection.execute("RESET ROLE")
        await _note(connection, schema, name, checksum)


async def _note(connection: Connection, schema: Schema, name: str, checksum: str) -> None:
    await connection.execute(
        f"INSERT INTO {schema.name}.schema_migration (name, checksum) VALUES ($1, $2)", name, checksum
    )


def statements_of(text: str) -> list[str]:
    """Return the statements of a file without a transaction; each ends a line with its semicolon."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    return [each.strip() for each in re.split(r";[ \t]*(?:\n|$)", code) if each.strip()]


async def _apply_piecemeal(connection: Connection, schema: Schema, text: str) -> None:
    await connection.execute(f"SET ROLE {schema.name}_owner")
    await connection.execute(f"SET search_path TO {schema.name}, public")
    try:
        for statement in statements_of(text):
            if index := _INDEX.match(statement):
                await _drop_if_invalid(connection, index[1])
            await connection.execute(statement)
    finally:
        await connection.execute("RESET ROLE; RESET search_path; RESET lock_timeout; RESET statement_timeout")


async def _drop_if_invalid(connection: Connection, index: str) -> None:
    """An index that was interrupted while it was made is there and serves nobody."""
    if await connection.fetchval(
        "SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)::oid", index
    ):
        await connection.execute(f"DROP INDEX CONCURRENTLY {index}")
