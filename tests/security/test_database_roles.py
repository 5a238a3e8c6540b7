"""A stolen database password does what its service does, and nothing else."""

from __future__ import annotations

import re

import asyncpg
import pytest

from shared.db import Connection
from shared.migrate import AUDITOR, SCHEMAS, migrate
from tests.conftest import PoolFor, as_role
from tests.statements import HOMES, SCHEMA_OF, statements_of

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")

DENIED = {
    "the projector reads password hashes": ("projector", "SELECT password_hash FROM user_account"),
    "the projector reads who is signed in": ("projector", "SELECT count(*) FROM user_session"),
    "the projector signs somebody in": ("projector", "INSERT INTO user_session DEFAULT VALUES"),
    "the projector makes an administrator": ("projector", "UPDATE user_account SET role = 'admin'"),
    "the projector makes an API token": ("projector", "INSERT INTO api_token DEFAULT VALUES"),
    "the projector sends a command": ("projector", "INSERT INTO outbox DEFAULT VALUES"),
    "the gateway marks a bill paid by hand": ("gateway", "UPDATE bill SET status = 'paid'"),
    "the gateway rewrites what was asked": ("gateway", "UPDATE operation SET kind = 'import'"),
    "the gateway gives credit": ("gateway", "UPDATE customer_account SET credit_minor = 1"),
    "payments changes what came in": ("payments", "UPDATE payment SET amount_minor = 1"),
    "payments gives a payment to another customer": ("payments", "UPDATE payment SET customer_id = uuidv7()"),
    "payments deletes a payment": ("payments", "DELETE FROM payment"),
    "payments deletes an allocation": ("payments", "DELETE FROM allocation"),
    "payments changes a refund": ("payments", "UPDATE refund SET amount_minor = 1"),
    "payments deletes a refund": ("payments", "DELETE FROM refund"),
    "payments changes what held money amounts to": ("payments", "UPDATE held_payment SET amount_minor = 1"),
    "payments forgets a partner's event": ("payments", "DELETE FROM partner_event"),
    "payments changes what an invoice comes to": ("payments", "UPDATE receivable SET total_minor = 1"),
    "invoicing changes an issued invoice": ("invoicing", "UPDATE invoice SET total_minor = 1"),
    "invoicing deletes an invoice": ("invoicing", "DELETE FROM invoice"),
    "invoicing renames an operator's code": ("invoicing", "UPDATE operator SET code = 'X'"),
    "a service moves a dead letter": ("payments", "UPDATE dead_letter SET topic = 'another'"),
    "the projector changes the bytes of a dead letter": ("projector", "UPDATE dead_letter SET value = NULL"),
    "a service rewrites what it says": ("payments", "UPDATE outbox SET payload = ''"),
    "a service hides that a migration ran": ("payments", "DELETE FROM schema_migration"),
    "a service empties a table": ("payments", "TRUNCATE payment"),
    "a service makes a table": ("payments", "CREATE TABLE mine (id integer)"),
    "a service makes a table where all may look": ("payments", "CREATE TABLE public.mine (id integer)"),
    "a service reads another's tables": ("payments", "SELECT count(*) FROM invoicing.customer"),
    "the projector searches past the walls": ("projector", "SELECT find_bills(NULL::uuid, 'A', 1)"),
}


@pytest.mark.parametrize("attempt", DENIED)
async def test_denied(attempt: str, pool_for: PoolFor) -> None:
    role, statement = DENIED[attempt]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await (await pool_for(role)).execute(statement)


# What the promises are about, and neither a secret nor a way to change anything.
DENIED_TO_THE_AUDITOR = (
    "SELECT password_hash FROM gateway.user_account",
    "SELECT count(*) FROM gateway.user_session",
    "SELECT count(*) FROM gateway.api_token",
    "SELECT sealed FROM gateway.webhook_endpoint",
    "SELECT sealed FROM payments.payment_gateway",
    "SELECT token_hash FROM payments.payment_link",
    "SELECT sealed FROM notifications.sms_gateway",
    "SELECT address FROM invoicing.customer",
    "UPDATE payments.payment SET amount_minor = 1",
    "DELETE FROM invoicing.invoice",
    "INSERT INTO gateway.audit DEFAULT VALUES",
    "CREATE TABLE public.mine (id integer)",
)


@pytest.mark.parametrize("statement", DENIED_TO_THE_AUDITOR)
async def test_denied_to_the_auditor(statement: str, database_url: str) -> None:
    connection = await asyncpg.connect(as_role(database_url, AUDITOR))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()


LETTER = """
INSERT INTO dead_letter (id, topic, partition, "offset", handler, reason, attempts, key, value, headers,
                         first_seen)
VALUES (uuidv7(), 't', 0, 0, 'h', 'r', 1, 'k', 'money', '[["ce_type", "t"]]', now())
"""


@pytest.mark.parametrize("role", [schema.roles[0] for schema in SCHEMAS])
async def test_an_open_dead_letter_keeps_its_record_whoever_asks_and_a_closed_one_is_only_blanked(
    role: str, pool_for: PoolFor
) -> None:
    pool = await pool_for(role)
    await pool.execute(LETTER)
    blank = "UPDATE dead_letter SET key = NULL, value = NULL, headers = '[]'"
    for change in (blank, "UPDATE dead_letter SET value = NULL", "UPDATE dead_letter SET headers = '[]'"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await pool.execute(change)
    await pool.execute("UPDATE dead_letter SET closed_at = now(), outcome = 'discarded'")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await pool.execute("UPDATE dead_letter SET key = NULL, value = 'other money', headers = '[]'")
    await pool.execute(blank)
    assert await pool.fetchval("SELECT value FROM dead_letter") is None


async def _explains(connection: Connection, role: str, statements: list[str]) -> bool:
    attempt = connection.transaction()
    await attempt.start()
    try:
        await connection.execute(f"SET LOCAL ROLE {role}")
        for sql in statements:
            await connection.execute(f"EXPLAIN (GENERIC_PLAN) {sql}")
    except asyncpg.InsufficientPrivilegeError:
        return False
    finally:
        await attempt.rollback()
    return True


async def _held(connection: Connection, role: str) -> list[tuple[str, str, str | None]]:
    """Table, verb and, where it is granted by column, the column."""
    rows = await connection.fetch(
        "SELECT relname, privilege_type, NULL AS column FROM pg_class, aclexplode(relacl) "
        " WHERE relnamespace = $1::regnamespace AND grantee = $2::regrole AND relkind IN ('r', 'p', 'v') "
        " UNION ALL "
        "SELECT relname, privilege_type, attname "
        "  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, aclexplode(attacl) "
        " WHERE relnamespace = $1::regnamespace AND grantee = $2::regrole ORDER BY 1, 2, 3",
        SCHEMA_OF[role],
        role,
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("role", HOMES)
async def test_each_thing_that_a_role_may_do_is_done_by_one_of_its_statements(
    role: str, database_url: str
) -> None:
    """Each privilege is taken away in turn; if every statement can do without it, it is one too many."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(f"SET search_path TO {SCHEMA_OF[role]}, public")
    statements = [sql for sql in statements_of(role).values() if not sql.lstrip().startswith("SET ")]
    # What a trigger does, it does in the name of whoever sets it off.
    triggers = await connection.fetchval(
        "SELECT string_agg(prosrc, ' ') FROM pg_proc "
        "WHERE pronamespace = $1::regnamespace AND prorettype = 'trigger'::regtype",
        SCHEMA_OF[role],
    )
    needless = []
    for table, verb, column in await _held(connection, role):
        if re.search(rf"\b{table}\b", triggers):
            continue
        concerned = [sql for sql in statements if re.search(rf"\b{table}\b", sql)]
        what = f'{verb} ("{column}")' if column else verb
        taken = connection.transaction()
        await taken.start()
        await connection.execute(f"REVOKE {what} ON {table} FROM {role}")
        if verb not in VERBS or await _explains(connection, role, concerned):
            needless.append(f"{what} ON {table}")
        await taken.rollback()
    await connection.close()
    assert not needless, f"no statement of `{role}` needs {needless}; see {HOMES[role]}/grants.sql"


async def _may_read(connection: Connection, role: str, table: str) -> bool:
    return bool(await connection.fetchval("SELECT has_table_privilege($1, $2, 'SELECT')", role, table))


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
async def test_nobody_at_large_may_do_anything(schema: object, database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    name = schema.name  # type: ignore[attr-defined]
    tables = await connection.fetch(
        "SELECT relname FROM pg_class, aclexplode(relacl) "
        "WHERE relnamespace = $1::regnamespace AND grantee = 0",
        name,
    )
    functions = await connection.fetch(
        "SELECT proname FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) "
        "WHERE pronamespace = $1::regnamespace AND grantee = 0",
        name,
    )
    await connection.close()
    assert (tables, functions) == ([], [])


async def test_migrating_takes_back_what_somebody_gave_by_hand_and_keeps_what_is_declared(
    database_url: str,
) -> None:
    owner = await asyncpg.connect(database_url)
    await owner.execute("GRANT ALL ON ALL TABLES IN SCHEMA gateway TO projector, PUBLIC")
    before = await _held(owner, "gateway")
    await migrate(database_url, {role: as_role(database_url, role) for role in HOMES})
    assert await _held(owner, "gateway") == before
    assert not await _may_read(owner, "projector", "gateway.user_account")
    await owner.close()


async def test_a_table_of_the_next_release_is_for_nobody_until_it_is_declared(database_url: str) -> None:
    owner = await asyncpg.connect(database_url)
    await owner.execute("SET ROLE payments_owner")
    await owner.execute("CREATE TABLE payments.next_release (id bigint GENERATED ALWAYS AS IDENTITY)")
    assert not await _may_read(owner, "payments", "payments.next_release")
    await owner.close()
