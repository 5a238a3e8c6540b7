"""Postgres as services meet it: what passes by itself is known as such."""

from __future__ import annotations

import asyncio
import threading

import asyncpg

from shared.db import Pool, in_transaction, will_pass
from tests.conftest import PoolFor


async def test_whatever_a_connection_says_while_its_server_ends_will_pass(
    pool_for: PoolFor, database_url: str
) -> None:
    pool = await pool_for("payments")
    said = [await _said_after(steps, pool, database_url) for steps in range(6)]
    assert any(said)
    assert [error for error in said if error is not None and not will_pass(error)] == []
    async with in_transaction(pool) as tx:
        assert await tx.fetchval("SELECT 1") == 1


async def _said_after(steps: int, pool: Pool, url: str) -> Exception | None:
    """End a connection's server while nobody listens, and use it so many steps of the loop later."""
    async with in_transaction(pool) as tx:
        pid = await tx.fetchval("SELECT pg_backend_pid()")
    ending = threading.Thread(target=asyncio.run, args=(_end(url, pid),))
    ending.start()
    ending.join()
    for _ in range(steps):
        await asyncio.sleep(0)
    try:
        async with in_transaction(pool) as tx:
            await tx.execute("SELECT 1")
    except Exception as error:
        return error
    return None


async def _end(url: str, pid: int) -> None:
    office = await asyncpg.connect(url)
    await office.execute("SELECT pg_terminate_backend($1, 10000)", pid)
    await office.close()
