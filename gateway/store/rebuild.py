"""Making the view again: shadow tables beside the live ones, filled by republish, swapped in one transaction.

While it lasts the projector writes every batch to both; readers see the live tables throughout. Works as the
database's superuser: tables are made, moved and dropped.
"""

from __future__ import annotations

import asyncpg

from gateway.store.statements import named
from shared import clock
from shared.db import Connection

SCHEMA = "gateway"
SHADOW = "gateway_shadow"
OLD = "gateway_old"
OWNER = "gateway_owner"
READERS = "gateway, projector"
PROJECTIONS = (
    "operator",
    "package",
    "customer",
    "customer_account",
    "bill",
    "bill_total",
    "payment",
    "payment_allocation",
    "held_payment",
    "partner",
    "run",
    "run_entry",
    "billing_settings",
    "projected",
)


async def begin(connection: Connection) -> None:
    """Make the shadow and tell the projector, in one transaction; what an earlier try left is dropped."""
    async with connection.transaction():
        await connection.execute(f"DROP SCHEMA IF EXISTS {SHADOW} CASCADE")
        await connection.execute(f"CREATE SCHEMA {SHADOW} AUTHORIZATION {OWNER}")
        await connection.execute(f"GRANT USAGE ON SCHEMA {SHADOW} TO {READERS}")
        for name in PROJECTIONS:
            await _copy_table(connection, name)
        for name in PROJECTIONS:
            await _copy_policies(connection, name)
        await connection.execute(f"SET LOCAL search_path TO {SCHEMA}, public")
        await named.begin_rebuild(connection, now=clock.now())


async def _copy_table(connection: Connection, name: str) -> None:
    """Same columns, options, constraints and index names, so that later migrations find what they expect."""
    live, shadow = f"{SCHEMA}.{name}", f"{SHADOW}.{name}"
    options = await named.options_of(connection, place=live)
    await connection.execute(
        f"CREATE TABLE {shadow} (LIKE {live} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)"
        + (f" WITH ({options})" if options else "")
    )
    await connection.execute(f"ALTER TABLE {shadow} OWNER TO {OWNER}")
    await connection.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {shadow} TO {READERS}")
    async for each in named.constraints_of(connection, place=live):
        await connection.execute(f'ALTER TABLE {shadow} ADD CONSTRAINT "{each["name"]}" {each["definition"]}')
    async for each in named.indexes_of(connection, place=live):
        await connection.execute(each["definition"].replace(f" ON {live} ", f" ON {shadow} ", 1))


async def _copy_policies(connection: Connection, name: str) -> None:
    await connection.execute(f"SET LOCAL search_path TO {SCHEMA}, public")
    policies = [each async for each in named.policies_of(connection, schema=SCHEMA, name=name)]
    if not policies:
        return
    await connection.execute(f"ALTER TABLE {SHADOW}.{name} ENABLE ROW LEVEL SECURITY")
    # The policy's own names must mean the shadow's tables.
    await connection.execute(f"SET LOCAL search_path TO {SHADOW}, {SCHEMA}, public")
    for policy in policies:
        await connection.execute(
            f'CREATE POLICY "{policy["name"]}" ON {SHADOW}.{name} FOR {policy["cmd"]} TO {policy["roles"]}'
            f" USING ({policy['qual']})"
            + (f" WITH CHECK ({policy['with_check']})" if policy["with_check"] else "")
        )


async def swap(connection: Connection) -> bool:
    """Put the shadow in place of the live tables; False when readers were in the way: try again."""
    live = ", ".join(f"{SCHEMA}.{name}" for name in PROJECTIONS)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL lock_timeout = '500ms'")
            await connection.execute(f"LOCK TABLE {SCHEMA}.view_rebuild IN ACCESS EXCLUSIVE MODE")
            await connection.execute(f"LOCK TABLE {live} IN ACCESS EXCLUSIVE MODE")
            await connection.execute(f"DROP SCHEMA IF EXISTS {OLD} CASCADE")
            await connection.execute(f"CREATE SCHEMA {OLD} AUTHORIZATION {OWNER}")
            for name in PROJECTIONS:
                await connection.execute(f"ALTER TABLE {SCHEMA}.{name} SET SCHEMA {OLD}")
                await connection.execute(f"ALTER TABLE {SHADOW}.{name} SET SCHEMA {SCHEMA}")
            await connection.execute(f"SET LOCAL search_path TO {SCHEMA}, public")
            await named.end_rebuild(connection)
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
        return False
    return True


async def tidy(connection: Connection) -> None:
    """Drop what was live before, and give the planner its figures."""
    await connection.execute(f"DROP SCHEMA IF EXISTS {OLD} CASCADE")
    await connection.execute(f"DROP SCHEMA IF EXISTS {SHADOW} CASCADE")
    for name in PROJECTIONS:
        await connection.execute(f"ANALYZE {SCHEMA}.{name}")
