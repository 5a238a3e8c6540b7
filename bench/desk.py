"""The bills page's query: any filter with its totals, through HTTP, at 100 requests a second.

The read model is filled by SQL, because only its size matters: what is read is what the projector writes.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from bench.figures import Row, milliseconds, percentile, spread
from bench.stack import Stack

REQUESTS_A_SECOND = 100
SECONDS = 15
WARM_UP_SECONDS = 5
FILL = Path(__file__).parent / "sql" / "fill_read_model.sql"


async def measure(stack: Stack, bills: int) -> list[Row]:
    """The same mix of filters over a small and over the full read model."""
    small = await _at(stack, min(50_000, bills // 10))
    large = await _at(stack, bills)
    ratio = percentile(large["filter"], 0.95) / percentile(small["filter"], 0.95)
    return [
        Row(
            f"bills query with totals, {bills:,} bills, {REQUESTS_A_SECOND} requests/s",
            f"{spread(large['filter'])}; {ratio:.2f} × the p95 at {min(50_000, bills // 10):,}",
            "p95 ≤ 25 ms, ≤ 1.5 ×",
            f"GET /me: p50 {milliseconds(percentile(large['me'], 0.5))}",
        ),
        Row(f"search, {bills:,} bills", spread(large["search"]), "p95 ≤ 60 ms"),
    ]


async def _at(stack: Stack, bills: int) -> dict[str, list[float]]:
    connection = await asyncpg.connect(stack.database_url)
    try:
        await connection.execute("SELECT set_config('bench.bills', $1, false)", str(bills))
        for statement in FILL.read_text().split(";\n"):
            if statement.strip():
                await connection.execute(statement)
        operators = [row["id"] for row in await connection.fetch("SELECT id FROM gateway.operator")]
        packages = [row["id"] for row in await connection.fetch("SELECT id FROM gateway.package")]
    finally:
        await connection.close()
    queries = _queries([str(each) for each in operators], [str(each) for each in packages], bills)
    async with stack.client() as client:
        await _load(client, queries, WARM_UP_SECONDS)
        return await _load(client, queries, SECONDS)


def _queries(operators: list[str], packages: list[str], bills: int) -> Iterator[tuple[str, dict[str, Any]]]:
    chance = random.Random(7)
    months = [f"2026-{month:02}" for month in range(1, 11)]
    for turn in itertools.count():
        if turn % 10 == 9:
            yield "search", {"q": f"customer {chance.randrange(bills // 10)}", "limit": 50}
            continue
        query: dict[str, Any] = {"limit": 50}
        if turn % 2:
            query["operator_id"] = chance.choice(operators)
        if turn % 3 == 1:
            query["package_id"] = chance.choice(packages)
        if turn % 3 == 2:
            query["status"] = chance.choice(["unpaid", "partial", "paid"])
        if turn % 4 < 2:
            query["period"] = chance.choice(months)
        elif turn % 4 == 2:
            query |= {"from": "2026-03-01", "to": "2026-06-15"}
        yield "filter", query


async def _load(
    client: httpx.AsyncClient, queries: Iterator[tuple[str, dict[str, Any]]], seconds: int
) -> dict[str, list[float]]:
    """Open loop: a request is due at its time, however long the one before it takes."""
    sample: dict[str, list[float]] = {"filter": [], "search": [], "me": []}

    async def ask(kind: str, path: str, query: dict[str, Any], due: float) -> None:
        answer = await client.get(path, params=query)
        answer.raise_for_status()
        sample[kind].append(time.perf_counter() - due)

    for _ in range(20):
        await ask("me", "/me", {}, time.perf_counter())
    started, tasks = time.perf_counter(), []
    for place, (kind, query) in zip(range(REQUESTS_A_SECOND * seconds), queries, strict=False):
        due = started + place / REQUESTS_A_SECOND
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        tasks.append(asyncio.create_task(ask(kind, "/bills", query, due)))
    await asyncio.gather(*tasks)
    return sample
