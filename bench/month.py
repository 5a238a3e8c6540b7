"""The monthly run: customers to bills that are visible in the gateway, against a bare INSERT … SELECT."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx

from bench import catalog, cpu, idle
from bench.figures import Row
from bench.quiet import done, settle
from bench.stack import Stack

FLOOR = Path(__file__).parent / "sql" / "bare_insert.sql"

# Long past, so that a bench on any day bills whole months.
FIRST, SECOND, THIRD = "2026-01", "2026-02", "2026-03"
REST_SECONDS = 10
FLOORS = 3


async def measure(stack: Stack, customers: int, *, judges_growth: bool) -> AsyncIterator[Row]:
    """A tenth of the customers, then all: import, run, and wait until the gateway counts every bill."""
    few = customers // 10
    async with stack.client() as client:
        await catalog.open_shop(client, FIRST)
        await catalog.add_customers(client, 0, few)
        await settle(stack)
        small = await run(client, FIRST, few)
        started = time.perf_counter()
        await catalog.add_customers(client, few, customers)
        imported = time.perf_counter() - started
        await settle(stack)
        meter, began = cpu.Meter(stack), time.perf_counter()
        large = await run(client, SECOND, customers)
        await done(stack)
        spent, served, whole = meter.spent(), meter.served(), time.perf_counter() - began
    at_rest = sum((await idle.shares(stack, REST_SECONDS)).values()) * whole
    floor, floor_cpu = await _bare_insert(stack)
    each = f"{large / customers * 1e6:,.0f} µs an invoice"
    ratio = (large / customers) / (small / few)
    yield Row(
        f"monthly run, {customers:,} customers → bills in the gateway",
        f"{customers / large:,.0f} invoices/s ({each}), {large / floor:.2f} × the bare insert",
        "≤ 3 ×",
        f"INSERT … SELECT {customers / floor:,.0f}/s, CPU {floor_cpu / customers * 1e6:,.0f} µs",
        large / floor <= 3,
    )
    yield Row(
        "CPU of an invoice on its way to the bill, relays and offsets included",
        f"{cpu.each(spent, customers)}; Postgres by whom it served: {cpu.shares(served, customers)}",
        "≤ 70 µs",
        f"the stack at rest for as long ({whole:.0f} s): {at_rest / customers * 1e6:,.0f} µs",
        reached=sum(spent.values()) / customers <= 70e-6,
    )
    yield Row(
        f"cost of an invoice at {customers:,} customers",
        f"{ratio:.2f} × that at {few:,}",
        "≤ 1.15 × from 100,000 to 1,000,000",
        reached=ratio <= 1.15 if judges_growth else None,
    )
    yield Row(f"CSV import, {customers - few:,} customers", f"{(customers - few) / imported:,.0f} lines/s")


async def start(client: httpx.AsyncClient, period: str) -> None:
    """Ask for a period to be billed."""
    answer = await client.post(
        "/billing-runs", json={"period": period}, headers={"Idempotency-Key": str(uuid.uuid4())}
    )
    assert answer.status_code in (201, 202), answer.text


async def shown(client: httpx.AsyncClient, period: str) -> int:
    """How many bills of a period the gateway shows."""
    answer = await client.get("/bills", params={"period": period, "limit": 1})
    return int(answer.raise_for_status().json()["totals"]["count"])


async def run(client: httpx.AsyncClient, period: str, customers: int) -> float:
    """Bill a period; the seconds until every bill shows."""
    started = time.perf_counter()
    await start(client, period)
    while await shown(client, period) < customers:
        await asyncio.sleep(0.25)
    return time.perf_counter() - started


async def _bare_insert(stack: Stack) -> tuple[float, float]:
    """Seconds, and seconds of CPU, of the median of three."""
    connection = await asyncpg.connect(stack.database_url)
    taken: list[tuple[float, float]] = []
    try:
        for _ in range(FLOORS):
            await connection.execute("DROP TABLE IF EXISTS bench_floor")
            await connection.execute("CREATE TABLE bench_floor (LIKE invoicing.invoice INCLUDING ALL)")
            await connection.execute("CHECKPOINT")
            meter, started = cpu.Meter(stack), time.perf_counter()
            await connection.execute(FLOOR.read_text())
            taken.append((time.perf_counter() - started, meter.spent()[cpu.POSTGRES]))
    finally:
        await connection.execute("DROP TABLE IF EXISTS bench_floor")
        await connection.close()
    return sorted(taken)[FLOORS // 2]
