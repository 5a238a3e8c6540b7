"""Schemas that lie in databases of their own, as the home database shows them to the audit: by postgres_fdw.

The home database signs in there as the role `auditor`, which reads what each schema's `grants.sql` says and
changes nothing; only `auditor` and the owner may look. Tables are imported anew at each migration, as columns
come with one. See decision 32.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

import asyncpg

from shared import owners
from shared.db import Connection
from shared.migrate import AUDITOR, LONGEST_LOCK_WAIT_MS, giving_way, take_turn

_KINDS = """
SELECT n.nspname AS schema, bool_or(c.relkind = 'f') AS is_foreign, bool_or(c.relkind <> 'f') AS is_real
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p', 'f')
 GROUP BY n.nspname
 ORDER BY n.nspname
"""
_PASSWORD = """
SELECT option_value
  FROM pg_user_mappings AS mapping
 CROSS JOIN LATERAL pg_options_to_table(mapping.umoptions)
 WHERE mapping.srvname = ANY ($1) AND mapping.usename = CURRENT_USER AND option_name = 'password'
 LIMIT 1
"""
# How much comes at a time, and that the other side is asked what a plan costs there: tables are large.
_READING = {"fetch_size": "10000", "use_remote_estimate": "true", "application_name": "ispbills audit"}
_OF_TLS = ("sslmode", "sslrootcert")


class WrongPlace(RuntimeError):
    """What a database holds is not what the addresses say of where a schema lies."""


async def refuse_two_places(connection: Connection, elsewhere: Collection[str]) -> None:
    """Raise `WrongPlace` where the home database holds a schema that by its address lies elsewhere."""
    rows = await connection.fetch(_KINDS, list(elsewhere))
    for schema in [row["schema"] for row in rows if row["is_real"]]:
        raise WrongPlace(
            f"the database of DATABASE_URL holds {schema}, and {owners.variable(schema)} leads to another: "
            f"ALTER SCHEMA {schema} RENAME TO {schema}_before_it_moved, if it has moved; "
            "leave the address out, if both are the same database or it has not"
        )


async def refuse_elsewhere(connection: Connection, here: Collection[str]) -> None:
    """Raise `WrongPlace` where a schema should lie here, and is only read here from elsewhere."""
    rows = await connection.fetch(_KINDS, list(here))
    for schema in [row["schema"] for row in rows if row["is_foreign"]]:
        raise WrongPlace(
            f"this database only reads {schema} from another one: say which by {owners.variable(schema)}, "
            f"or DROP SERVER {schema} CASCADE; DROP SCHEMA {schema} if it is to lie here"
        )


async def password_of_auditor(home_url: str, elsewhere: Collection[str]) -> str:
    """Return the password by which the home database signs in elsewhere; a new one where it has none."""
    connection = await asyncpg.connect(home_url)
    try:
        return await connection.fetchval(_PASSWORD, list(elsewhere)) or secrets.token_urlsafe(32)
    finally:
        await connection.close()


async def show(home_url: str, elsewhere: Mapping[str, str], password: str) -> None:
    """Have the home database show schemas that lie elsewhere, as they are now, all at once or none.

    `elsewhere` holds for each schema the address by which the home database's server reaches it.
    """
    connection = await asyncpg.connect(home_url)
    try:
        await take_turn(connection)

        async def attempt() -> None:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL lock_timeout = '{LONGEST_LOCK_WAIT_MS}ms'")
                await refuse_two_places(connection, elsewhere)
                for schema, url in elsewhere.items():
                    await _show(connection, schema, url, password)

        await giving_way(attempt, schemas=", ".join(elsewhere))
    finally:
        await connection.close()


async def _show(connection: Connection, schema: str, url: str, password: str) -> None:
    parts = urlsplit(url)
    place = {"host": parts.hostname or "", "port": str(parts.port or 5432), "dbname": unquote(parts.path[1:])}
    tls = {name: value for name, value in parse_qsl(parts.query) if name in _OF_TLS}
    server = await _options(connection, place | tls | _READING)
    sign_in = await _options(connection, {"user": AUDITOR, "password": password})
    await connection.execute(
        f"""
        CREATE EXTENSION IF NOT EXISTS postgres_fdw;
        DROP SERVER IF EXISTS {schema} CASCADE;
        DROP SCHEMA IF EXISTS {schema};
        CREATE SERVER {schema} FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({server});
        CREATE USER MAPPING FOR {AUDITOR} SERVER {schema} OPTIONS ({sign_in});
        CREATE USER MAPPING FOR CURRENT_USER SERVER {schema} OPTIONS ({sign_in});
        CREATE SCHEMA {schema};
        IMPORT FOREIGN SCHEMA {schema} FROM SERVER {schema} INTO {schema} OPTIONS (import_generated 'false');
        GRANT USAGE ON SCHEMA {schema} TO {AUDITOR};
        GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {AUDITOR};
        """
    )


async def _options(connection: Connection, options: Mapping[str, str]) -> str:
    quoted = """
    SELECT string_agg(format('%I %L', name, value), ', ')
      FROM unnest($1::text[], $2::text[]) AS option (name, value)
    """
    text: str = await connection.fetchval(quoted, list(options), list(options.values()))
    return text
