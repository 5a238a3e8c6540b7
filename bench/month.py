"""The monthly run: customers to bills that are visible in the gateway, against a bare INSERT … SELECT."""

from __future__ import annotations

import asyncio
import time
import uuid
from datetime import UTC, datetime

import asyncpg
import httpx

from bench import catalogue
from bench.figures import Row
from bench.stack import Stack

# The invoices of the run once more, in one statement, into a table of the same shape.
FLOOR = "INSERT INTO bench_floor SELECT invoice.* FROM invoicing.invoice"


async def measure(stack: Stack, customers: int) -> list[Row]:
    """Import, run, and wait until the gateway counts every bill."""
    async with stack.client() as client:
        started = time.perf_counter()
        await catalogue.make(client, customers)
        imported = time.perf_counter() - started
        run = await _run(client, customers)
    floor = await _bare_insert(stack.database_url)
    each = f"{run / customers * 1e6:,.0f} µs an invoice"
    return [
        Row(
            f"monthly run, {customers:,} customers → bills in the gateway",
            f"{customers / run:,.0f} invoices/s ({each}), {run / floor:.2f} × the bare insert",
            "≥ 10,000/s, ≤ 3 ×",
            f"INSERT … SELECT {customers / floor:,.0f}/s",
        ),
        Row(f"CSV import, {customers:,} customers", f"{customers / imported:,.0f} lines/s", "–"),
    ]


async def _run(client: httpx.AsyncClient, customers: int) -> float:
    period = datetime.now(UTC).strftime("%Y-%m")
    started = time.perf_counter()
    answer = await client.post(
        "/billing-runs", json={"period": period}, headers={"Idempotency-Key": str(uuid.uuid4())}
    )
    assert answer.status_code in (201, 202), answer.text
    while True:
        bills = await client.get("/bills", params={"period": period, "limit": 1})
        if bills.raise_for_status().json()["totals"]["count"] >= customers:
            return time.perf_counter() - started
        await asyncio.sleep(0.1)


async def _bare_insert(database_url: str) -> float:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("DROP TABLE IF EXISTS bench_floor")
        await connection.execute("CREATE TABLE bench_floor (LIKE invoicing.invoice INCLUDING ALL)")
        started = time.perf_counter()
        await connection.execute(FLOOR)
        return time.perf_counter() - started
    finally:
        await connection.execute("DROP TABLE IF EXISTS bench_floor")
        await connection.close()
