"""Making the view again: shadow tables beside the live ones, filled by republish, swapped in one transaction.

While it lasts the projector writes every batch to both; readers see the live tables throughout. A rebuild is
the one row of `view_rebuild`, with a lease that its holder renews. Whoever finds the lease expired deletes
the row, and a holder without its row can no longer swap: as long as the row is there, nothing was written to
the live tables alone. The table is also the gate: every transaction of the projector reads it before it
touches the view, so that locking it waits for all of them and holds back the next.

Works as the database's superuser: tables are made, moved and dropped.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg

from gateway.store.statements import named
from shared import clock
from shared.db import Connection
from shared.ids import new_id
from shared.migrate import LOCK as MIGRATION_LOCK
from shared.migrate import SCHEMAS, give_grants

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
    "day_closing",
    "partner",
    "payment_link",
    "checkout",
    "message",
    "payment_gateway",
    "sms_gateway",
    "sms_template",
    "reminder_rule",
    "online_settings",
    "run",
    "run_entry",
    "billing_settings",
    "isp_profile",
    "projected",
)

LEASE_SECONDS = 15
RENEW_SECONDS = 3.0
IN_THE_WAY = (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError, asyncpg.DeadlockDetectedError)


class RebuildRunning(Exception):
    """Another rebuild is running."""

    def __init__(self, since: datetime) -> None:
        super().__init__("Another rebuild is running.")
        self.since = since


class MigrationRunning(Exception):
    """The tables are being changed by a migration."""


class RebuildEnded(Exception):
    """The rebuild has lost its lease, or a migration has dropped its shadow tables."""


async def begin(connection: Connection) -> UUID | None:
    """Make the shadow, tell the projector and return the holder of the lease; None: in the way, try again.

    What an abandoned rebuild left is dropped. Raises RebuildRunning and MigrationRunning.
    """
    holder = new_id()
    # Of the session, so that a process that was killed is known to be gone before its lease ends.
    await named.hold_session(connection, holder=holder)
    try:
        async with _gate(connection):
            if not await named.no_migration_runs(connection, lock=MIGRATION_LOCK):
                raise MigrationRunning
            await _refuse_while_one_runs(connection)
            await connection.execute(f"DROP SCHEMA IF EXISTS {SHADOW}, {OLD} CASCADE")
            await _make_shadow(connection)
            await connection.execute(f"SET LOCAL search_path TO {SCHEMA}, public")
            await named.begin_rebuild(connection, holder=holder, seconds=LEASE_SECONDS, now=clock.now())
    except IN_THE_WAY:
        await named.leave_session(connection, holder=holder)
        return None
    return holder


@asynccontextmanager
async def _gate(connection: Connection) -> AsyncIterator[None]:
    """A transaction without any transaction of the projector beside it.

    It waits for each lock for less than Postgres does before it looks for a deadlock, so whoever comes in its
    way is never the one that fails.
    """
    async with connection.transaction():
        await connection.execute("SET LOCAL lock_timeout = '200ms'")
        await connection.execute(f"SET LOCAL search_path TO {SCHEMA}, public")
        await connection.execute("LOCK TABLE view_rebuild IN ACCESS EXCLUSIVE MODE")
        yield


async def refuse_while_one_runs(connection: Connection) -> None:
    """Raise RebuildRunning while another one is under way."""
    async with connection.transaction():
        await connection.execute(f"SET LOCAL search_path TO {SCHEMA}, public")
        await _refuse_while_one_runs(connection)


async def _refuse_while_one_runs(connection: Connection) -> None:
    running = await named.rebuild_under_way(connection)
    if running is not None and not running["is_gone"]:
        raise RebuildRunning(running["started_at"])


async def _make_shadow(connection: Connection) -> None:
    await connection.execute(f"CREATE SCHEMA {SHADOW} AUTHORIZATION {OWNER}")
    await connection.execute(f"GRANT USAGE ON SCHEMA {SHADOW} TO {READERS}")
    for name in PROJECTIONS:
        await _copy_table(connection, name)
    for name in PROJECTIONS:
        await _copy_policies(connection, name)
    await connection.execute(f"SET LOCAL search_path TO {SHADOW}, {SCHEMA}, public")
    await give_grants(connection, next(schema for schema in SCHEMAS if schema.name == SCHEMA))


async def _copy_table(connection: Connection, name: str) -> None:
    """Same columns, options, statistics, constraints and index names: what later migrations expect."""
    live, shadow = f"{SCHEMA}.{name}", f"{SHADOW}.{name}"
    options = await named.options_of(connection, place=live)
    await connection.execute(
        f"CREATE TABLE {shadow} (LIKE {live} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)"
        + (f" WITH ({options})" if options else "")
    )
    await connection.execute(f"ALTER TABLE {shadow} OWNER TO {OWNER}")
    async for each in named.statistics_of(connection, place=live):
        await connection.execute(
            f'ALTER TABLE {shadow} ALTER COLUMN "{each["name"]}" SET STATISTICS {each["target"]}'
        )
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


async def renew(connection: Connection, holder: UUID) -> None:
    """Keep the lease for another while; raises RebuildEnded when there is nothing left to keep."""
    await connection.execute(f"SET search_path TO {SCHEMA}, public")
    kept = await named.renew_lease(connection, holder=holder, seconds=LEASE_SECONDS, shadow=SHADOW)
    if not kept:
        raise RebuildEnded


async def swap(connection: Connection, holder: UUID) -> bool:
    """Put the shadow in place of the live tables; False when readers were in the way: try again.

    Raises RebuildEnded when the shadow may lack something, or is gone.
    """
    live = ", ".join(f"{SCHEMA}.{name}" for name in PROJECTIONS)
    try:
        async with _gate(connection):
            if not await named.no_migration_runs(connection, lock=MIGRATION_LOCK):
                return False
            if not await named.may_swap(connection, holder=holder, shadow=SHADOW):
                raise RebuildEnded
            # All of them in less than the time after which a reader would look for a deadlock.
            await connection.execute("SET LOCAL statement_timeout = '600ms'")
            await connection.execute(f"LOCK TABLE {live} IN ACCESS EXCLUSIVE MODE")
            await connection.execute("SET LOCAL statement_timeout = 0")
            await connection.execute(f"CREATE SCHEMA {OLD} AUTHORIZATION {OWNER}")
            for name in PROJECTIONS:
                await connection.execute(f"ALTER TABLE {SCHEMA}.{name} SET SCHEMA {OLD}")
                await connection.execute(f"ALTER TABLE {SHADOW}.{name} SET SCHEMA {SCHEMA}")
            await connection.execute(f"DROP SCHEMA {SHADOW}")
            await named.end_rebuild(connection, holder=holder)
    except IN_THE_WAY:
        return False
    return True


async def abandon(connection: Connection, holder: UUID) -> bool:
    """Stop the projector from writing twice and drop the shadow; False when something was in the way."""
    try:
        async with _gate(connection):
            if await named.end_rebuild(connection, holder=holder):
                await connection.execute(f"DROP SCHEMA IF EXISTS {SHADOW} CASCADE")
    except IN_THE_WAY:
        return False
    return True


async def drop_old(connection: Connection) -> bool:
    """Drop what was live before; False when somebody still reads it: try again."""
    try:
        async with _gate(connection):
            await connection.execute(f"DROP SCHEMA IF EXISTS {OLD} CASCADE")
    except IN_THE_WAY:
        return False
    return True


async def count_rows(connection: Connection) -> None:
    """Give the planner its figures."""
    for name in PROJECTIONS:
        await connection.execute(f"ANALYZE {SCHEMA}.{name}")
