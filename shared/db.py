"""Postgres: pools bound to one schema, transactions, and statements kept in `.sql` files."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import aiosql
import asyncpg
from aiosql.adapters.asyncpg import AsyncPGAdapter

from shared.telemetry import POOL_WAIT_SECONDS

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
    Tx: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    Pool: TypeAlias = asyncpg.Pool
    Connection: TypeAlias = asyncpg.Connection
    Tx: TypeAlias = asyncpg.Connection

# No session is to be had; what a name or an address that leads nowhere raises is not among them.
UNREACHABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
# What passes by itself: the same work, done again, can succeed.
TRANSIENT = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,  # noqa: TID251
    # So a connection answers whose server has said that it ends, until the end is there as well.
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InsufficientResourcesError,
    OSError,
    TimeoutError,
)
# Whatever Postgres or the way to it fails with, also what does not pass.
FAILURES = (*TRANSIENT, asyncpg.PostgresError)


async def register_codecs(connection: Connection) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


class MeasuredPool(Pool):
    """A pool that tells how long each connection was waited for."""

    __slots__ = ()

    async def _acquire(self, timeout: float | None) -> PoolConnectionProxy[asyncpg.Record]:  # noqa: ASYNC109
        with POOL_WAIT_SECONDS.time():
            connection: PoolConnectionProxy[asyncpg.Record] = await super()._acquire(timeout)  # type: ignore[misc]
        return connection


async def _keep_session(connection: Connection) -> None:
    """Nothing here outlives its transaction, so a connection that goes back needs no extra round trip."""


async def open_pool(
    url: str,
    *,
    schema: str,
    application_name: str,
    min_size: int = 1,
    max_size: int = 10,
    statement_cache_size: int = 100,
) -> Pool:
    """A pool whose connections see `schema` and never leave a transaction idle for more than 10 s.

    `url` may be that of a PgBouncer in transaction mode; before its version 1.21 no statement can be kept
    prepared (`statement_cache_size` 0).
    """
    pool = asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=max_size,
        init=register_codecs,
        reset=_keep_session,
        command_timeout=300,
        statement_cache_size=statement_cache_size,
        server_settings=session_settings(schema, application_name),
    )
    # asyncpg has no argument for it; every way to a connection leads through `_acquire`.
    pool.__class__ = MeasuredPool
    return await pool


def session_settings(schema: str, application_name: str) -> dict[str, str]:
    """Return the settings of every session of a service."""
    return {"application_name": application_name, **role_settings(schema)}


def role_settings(schema: str) -> dict[str, str]:
    """Return what `migrate` gives a login role for good: behind a pooler no session can ask for it."""
    return {
        "search_path": f"{schema},public",
        "timezone": "UTC",
        "idle_in_transaction_session_timeout": "10s",
        "jit": "off",
        # Two more processes for a page of bills cost fifty times the page: what is asked here is small.
        "max_parallel_workers_per_gather": "0",
    }


def will_pass(error: BaseException) -> bool:
    """Whether the same work, done again, can succeed; an argument that cannot be encoded never will."""
    return isinstance(error, TRANSIENT) and not isinstance(error, ValueError)


@asynccontextmanager
async def in_transaction(pool: Pool) -> AsyncIterator[Tx]:
    """A connection inside one transaction: commits at the end, rolls back on any error."""
    async with pool.acquire() as connection, connection.transaction():
        yield connection


class _Straight(AsyncPGAdapter):
    """Asks what it is given, pools and connections alike.

    The library takes a connection out of a pool by itself, and to know one from the other lists all that the
    object can do, 13 µs for every statement.
    """

    async def select(
        self, conn: Tx, query_name: str, sql: str, parameters: Any, record_class: None = None
    ) -> AsyncIterator[asyncpg.Record]:
        assert record_class is None, "rows are read by their names"
        for row in await conn.fetch(sql, *self._ordered(query_name, parameters)):
            yield row

    async def select_one(
        self, conn: Tx, query_name: str, sql: str, parameters: Any, record_class: None = None
    ) -> asyncpg.Record | None:
        assert record_class is None, "a row is read by its names"
        return await conn.fetchrow(sql, *self._ordered(query_name, parameters))

    async def select_value(self, conn: Tx, query_name: str, sql: str, parameters: Any) -> Any:
        return await conn.fetchval(sql, *self._ordered(query_name, parameters))

    async def insert_update_delete(self, conn: Tx, query_name: str, sql: str, parameters: Any) -> str:
        return await conn.execute(sql, *self._ordered(query_name, parameters))

    def _ordered(self, query_name: str, parameters: Any) -> Sequence[Any]:
        ordered: Sequence[Any] = self.maybe_order_params(query_name, parameters)  # type: ignore[no-untyped-call]
        return ordered


# The library's own adapters do not fit its protocol to the letter either.
_ADAPTER: Any = _Straight


def statements(module_file: str) -> Any:
    """The named statements of the `sql/` folder beside a module."""
    return aiosql.from_path(Path(module_file).parent / "sql", _ADAPTER, mandatory_parameters=False)


def statements_in(text: str) -> Any:
    """The named statements of a text that was put together."""
    return aiosql.from_str(text, _ADAPTER, mandatory_parameters=False)
