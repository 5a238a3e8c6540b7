"""The bills page's query: any filter with its totals, through HTTP, at 100 requests a second.

The read model is filled by SQL, because only its size matters: what is read is what the projector writes.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import secrets
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlencode, urlsplit

import asyncpg

from bench import cpu
from bench.figures import Row, milliseconds, percentile, spread
from bench.quiet import settle
from bench.stack import Stack
from gateway.schemas.bills import BillSort

REQUESTS_A_SECOND = 100
SECONDS = 15
WARM_UP_SECONDS = 5
MOST_SLOWER = 1.5
TOLD = 10  # of the slowest
ALONE = {"filter": "an admin's", "reseller": "that reseller's", "search": "searches"}
BIG_RESELLER = "B1"
SORTS = get_args(BillSort)
SEARCHES = (
    "sabina rahman",
    "talukder anika",
    "017{:05}",
    "88017{:06}",
    "C{:05}",
    "B{}-0000",
    "khan",
    "uddin {:04}",
)
FILL = Path(__file__).parent / "sql" / "fill_read_model.sql"


async def measure(stack: Stack, bills: int) -> AsyncIterator[Row]:
    """The same mix of filters over a small and over the full read model."""
    few = min(50_000, bills // 10)
    small, large = await _at(stack, few), await _at(stack, bills, account=True)
    ratio = percentile(large.seconds["filter"], 0.95) / percentile(small.seconds["filter"], 0.95)
    yield Row(
        f"bills query with totals, any filter and sort, {bills:,} bills, {REQUESTS_A_SECOND} requests/s",
        f"{spread(large.seconds['filter'])}; {ratio:.2f} × the p95 at {few:,}; all of these requests "
        f"{cpu.each(large.spent, len(large.asked))}",
        "p50 ≤ 10, p95 ≤ 25 ms; ≤ 1.5 ×",
        f"GET /me: p50 {milliseconds(percentile(large.seconds['me'], 0.5))}",
        reached=_within(large.seconds["filter"], 0.025, 0.010) and ratio <= MOST_SLOWER,
    )
    yield Row(
        f"the same as a reseller with 500 resellers below, {bills:,} bills",
        spread(large.seconds["reseller"]),
        "p50 ≤ 10, p95 ≤ 25 ms",
        reached=_within(large.seconds["reseller"], 0.025, 0.010),
    )
    yield Row(
        f"search of names, mobiles and numbers, {bills:,} bills",
        spread(large.seconds["search"]),
        "p95 ≤ 40 ms",
        reached=_within(large.seconds["search"], 0.040),
    )
    for row in large.slowest:
        yield row


def _within(sample: list[float], p95: float, p50: float = float("inf")) -> bool:
    return percentile(sample, 0.5) <= p50 and percentile(sample, 0.95) <= p95


@dataclass
class _Sample:
    """How long requests took by their kind, what the slow ones asked for, and what that takes by itself."""

    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {kind: [] for kind in ("filter", "reseller", "search", "me")}
    )
    asked: list[tuple[float, str, dict[str, Any]]] = field(default_factory=list)
    slowest: list[Row] = field(default_factory=list)
    spent: dict[str, float] = field(default_factory=dict)


async def _at(stack: Stack, bills: int, *, account: bool = False) -> _Sample:
    connection = await asyncpg.connect(stack.database_url)
    try:
        await connection.execute("SELECT set_config('bench.bills', $1, false)", str(bills))
        for statement in FILL.read_text().split(";\n"):
            if statement.strip():
                await connection.execute(statement)
        operators = [str(row["id"]) for row in await connection.fetch("SELECT id FROM gateway.operator")]
        packages = [str(row["id"]) for row in await connection.fetch("SELECT id FROM gateway.package")]
        below = await connection.fetch(
            "SELECT below.id FROM gateway.operator AS top JOIN gateway.operator AS below"
            " ON top.id = ANY (below.path) WHERE top.code = $1 ORDER BY cardinality(below.path)",
            BIG_RESELLER,
        )
    finally:
        await connection.close()
    # Else what was filled is still written out beside what is asked.
    await settle(stack)
    reseller = [str(row["id"]) for row in below]
    tokens = {"filter": stack.token, "reseller": await _token_of(stack, reseller)}
    queries = _queries({"filter": operators, "reseller": reseller}, packages, bills)
    async with _callers(stack) as callers:
        await _load(callers, tokens, queries, WARM_UP_SECONDS)
        meter = cpu.Meter(stack)
        sample = await _load(callers, tokens, queries, SECONDS)
        sample.spent = meter.spent()
        for kind in ALONE if account else ():
            sample.slowest.append(await _alone(stack, callers, tokens, sample, kind))
    return sample


async def _alone(stack: Stack, callers: _Callers, tokens: dict[str, str], sample: _Sample, kind: str) -> Row:
    """The slowest twentieth of a kind once more, one after another: what they take without a queue."""
    of_kind = sorted((each for each in sample.asked if each[1] == kind), key=lambda each: -each[0])
    slow = [query for _seconds, _kind, query in of_kind[: max(len(of_kind) // 20, 1)]]
    taken: list[float] = []
    meter = cpu.Meter(stack)
    for query in slow:
        began = time.perf_counter()
        await callers.get("/bills", query, tokens.get(kind, tokens["filter"]))
        taken.append(time.perf_counter() - began)
    served = meter.served()
    for seconds, query in sorted(zip(taken, slow, strict=True), key=lambda each: -each[0])[:TOLD]:
        print(f"{milliseconds(seconds)} alone: {query}", file=sys.stderr)
    return Row(
        f"the slowest twentieth of {ALONE[kind]}, each once more alone",
        f"{spread(taken)}; Postgres' CPU in µs each, by whom it served: {cpu.shares(served, len(slow))}",
    )


async def _token_of(stack: Stack, reseller: list[str]) -> str:
    """Return a token of somebody who works for the reseller."""
    email = f"{secrets.token_hex(4)}@example.com"
    async with stack.client() as client:
        user = {
            "email": email,
            "name": "Reseller",
            "password": secrets.token_urlsafe(16),
            "role": "operator",
            "operator_id": reseller[0],
        }
        (await client.post("/users", json=user)).raise_for_status()
    return stack.command("tokens", "create", "--user", email).strip()


def _queries(
    operators: dict[str, list[str]], packages: list[str], bills: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Any filter with any sort, as the admin and as the reseller, and a tenth of searches."""
    chance = random.Random(7)
    months = [f"2026-{month:02}" for month in range(1, 11)]
    for turn in itertools.count():
        query: dict[str, Any] = {"limit": 50, "sort": chance.choice(SORTS)}
        if turn % 10 == 9:
            number = chance.randrange(bills // 10)
            yield "search", {"limit": 50, "q": chance.choice(SEARCHES).format(number % 800)}
            continue
        who = chance.choice(["filter", "reseller"])
        if turn % 2:
            query["operator_id"] = chance.choice(operators[who])
        if turn % 3 == 1:
            query["package_id"] = chance.choice(packages)
        if turn % 3 == 2:
            query |= chance.choice([{"status": status} for status in ("unpaid", "partial", "paid")])
            query |= chance.choice([{}, {}, {"overdue": "true"}])
        if turn % 4 < 2:
            query["period"] = chance.choice(months)
        elif turn % 4 == 2:
            query |= {"from": "2026-03-01", "to": "2026-06-15"}
        yield who, query


@dataclass
class _Callers:
    """HTTP/1.1 by hand over connections that are kept: a client library costs as much as the gateway."""

    host: str
    port: int
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    async def get(self, path: str, query: dict[str, Any], token: str) -> bytes:
        """Return the body; raises when the answer is not 200."""
        reader, writer = await self._open()
        writer.write(
            f"GET /api/v1{path}?{urlencode(query)} HTTP/1.1\r\nHost: {self.host}\r\n"
            f"Authorization: Bearer {token}\r\nAccept: application/json\r\n\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        body = await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
        if " 200 " not in head.split("\r\n")[0]:
            raise RuntimeError(f"{path} {query}: {head.splitlines()[0]} {body[:200]!r}")
        self.idle.append((reader, writer))
        return body

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return the connection that was used last, for the server ends those that rest for some seconds."""
        while self.idle:
            reader, writer = self.idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self.host, self.port)


@asynccontextmanager
async def _callers(stack: Stack) -> AsyncIterator[_Callers]:
    address = urlsplit(stack.gateway_url)
    callers = _Callers(address.hostname or "", address.port or 80)
    yield callers
    for _reader, writer in callers.idle:
        writer.close()


async def _load(
    callers: _Callers,
    tokens: dict[str, str],
    queries: Iterator[tuple[str, dict[str, Any]]],
    seconds: int,
) -> _Sample:
    """Open loop: a request is due at its time, however long the one before it takes."""
    sample = _Sample()

    async def ask(kind: str, path: str, query: dict[str, Any], due: float) -> None:
        body = await callers.get(path, query, tokens.get(kind, tokens["filter"]))
        sample.seconds[kind].append(time.perf_counter() - due)
        sample.asked.append((sample.seconds[kind][-1], kind, query))
        # Now and then a page is turned.
        turns = path == "/bills" and "cursor" not in query and len(sample.seconds[kind]) % 20 == 0
        if turns and (cursor := json.loads(body)["next_cursor"]):
            await ask(kind, path, query | {"cursor": cursor}, time.perf_counter())

    for _ in range(20):
        await ask("me", "/me", {}, time.perf_counter())
    started, tasks = time.perf_counter(), []
    for place, (kind, query) in zip(range(REQUESTS_A_SECOND * seconds), queries, strict=False):
        due = started + place / REQUESTS_A_SECOND
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        tasks.append(asyncio.create_task(ask(kind, "/bills", query, due)))
    await asyncio.gather(*tasks)
    return sample
