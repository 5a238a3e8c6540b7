"""The clerk's counter: mark one bill paid, POST to the 201 whose bill shows it; and ten thousand at once."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx

from bench import month
from bench.cpu import Meter, each, shares
from bench.figures import Row, milliseconds, percentile, spread
from bench.quiet import settle
from bench.stack import Stack

PAYMENTS = 200
BULK = 10_000


async def measure(stack: Stack) -> AsyncIterator[Row]:
    """One clerk after another, then a bulk action, on bills that a run has made."""
    commit = await _bare_commits(stack.database_url)
    async with stack.client() as client:
        bills = await _unpaid(client, PAYMENTS)
        meter = Meter(stack)
        seconds = [await _pay(client, bill) for bill in bills]
        idle = percentile(seconds, 0.95)
        yield Row(
            "mark one bill paid, POST to 201",
            f"{spread(seconds)} ({percentile(seconds, 0.5) / percentile(commit, 0.5):.0f} commits); "
            + each(meter.spent(), len(seconds)),
            "p95 ≤ 60 ms",
            f"one commit: p50 {percentile(commit, 0.5) * 1e3:.1f} ms",
            reached=idle <= 0.06,
        )
        await settle(stack)
        yield await _pay_in_bulk(stack, client)
        await settle(stack)
        yield await _pay_during_a_run(stack, client, idle)


async def _unpaid(client: httpx.AsyncClient, wanted: int) -> list[dict[str, Any]]:
    bills: list[dict[str, Any]] = []
    query: dict[str, Any] = {"status": "unpaid", "limit": min(wanted, 200)}
    while len(bills) < wanted:
        page = (await client.get("/bills", params=query)).raise_for_status().json()
        bills += page["items"]
        if not page["next_cursor"]:
            break
        query["cursor"] = page["next_cursor"]
    return bills[:wanted]


async def _pay(client: httpx.AsyncClient, bill: dict[str, Any]) -> float:
    body = {"amount_minor": bill["balance_minor"], "paid_on": _today(), "method": "cash"}
    started = time.perf_counter()
    answer = await client.post(
        f"/bills/{bill['id']}/payments", json=body, headers={"Idempotency-Key": str(uuid.uuid4())}
    )
    assert answer.status_code == 201, answer.text
    return time.perf_counter() - started


async def _pay_in_bulk(stack: Stack, client: httpx.AsyncClient) -> Row:
    bills = [bill["id"] for bill in await _unpaid(client, BULK)]
    body = {
        "action": "mark_paid",
        "selection": {"bill_ids": bills},
        "parameters": {"paid_on": _today(), "method": "cash"},
    }
    meter, started = Meter(stack), time.perf_counter()
    answer = await client.post("/bulk-actions", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert answer.status_code == 202, answer.text
    action = answer.json()
    while action["state"] not in ("completed", "cancelled"):
        await asyncio.sleep(0.05)
        action = (await client.get(f"/bulk-actions/{action['id']}")).raise_for_status().json()
    took = time.perf_counter() - started
    served = f"; Postgres by whom it served: {shares(meter.served(), len(bills))}"
    outcome = f"{action['succeeded']:,} of {len(bills):,} in {milliseconds(took)}; "
    return Row(
        f"bulk mark {len(bills):,} paid, click to last outcome",
        outcome + each(meter.spent(), len(bills)) + served,
        "≤ 3 s",
        reached=took <= 3,
    )


async def _pay_during_a_run(stack: Stack, client: httpx.AsyncClient, idle: float) -> Row:
    """One clerk after another while every customer is billed for another month."""
    customers, bills = await month.shown(client, month.SECOND), await _unpaid(client, 2_000)
    meter = Meter(stack)
    await month.start(client, month.THIRD)
    seconds: list[float] = []
    while bills and (not seconds or await month.shown(client, month.THIRD) < customers):
        seconds += [await _pay(client, bills.pop()) for _ in range(min(5, len(bills)))]
    slow = percentile(seconds, 0.95)
    return Row(
        f"mark one bill paid while {customers:,} customers are billed",
        f"{spread(seconds)} of {len(seconds)}, {slow / idle:.1f} × the p95 alone; both together "
        + each(meter.spent(), customers),
        "p95 ≤ 150 ms, ≤ 3 ×",
        f"alone: p95 {milliseconds(idle)}",
        reached=slow <= min(0.15, 3 * idle),
    )


async def _bare_commits(database_url: str) -> list[float]:
    """One row, one commit: what durability alone costs on this disk."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("CREATE TABLE bench_commit (note text)")
        seconds = []
        for _ in range(PAYMENTS):
            started = time.perf_counter()
            await connection.execute("INSERT INTO bench_commit VALUES ('paid')")
            seconds.append(time.perf_counter() - started)
        return seconds
    finally:
        await connection.execute("DROP TABLE bench_commit")
        await connection.close()


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
