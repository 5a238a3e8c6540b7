"""A run over thousands of tiny resellers, against the same customers under one operator."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from bench.figures import Row
from bench.stack import Stack
from services.invoicing import store, workers
from shared import db
from shared.db import Pool
from shared.ids import new_id
from shared.migrate import SCHEMAS, migrate
from shared.outbox import INTERACTIVE

RESELLERS = 10_000
PACKAGES_EACH = 5
CUSTOMERS = 40_000
ROUNDS = 3

_DATABASE = "bench_operators"

_FURNISH = f"""
INSERT INTO operator (id, code, name, path)
SELECT id, 'ISP', 'ISP', ARRAY[id] FROM (SELECT uuidv7() AS id) AS made;
INSERT INTO operator (id, code, name, parent_id, path)
SELECT made.id, 'R' || made.n, 'Reseller ' || made.n, root.id, ARRAY[root.id, made.id]
  FROM operator AS root, (SELECT n, uuidv7() AS id FROM generate_series(1, {RESELLERS}) AS n) AS made;
INSERT INTO operator_counter (operator_id) SELECT id FROM operator;
INSERT INTO package (id, operator_id, name, price_minor, vat_basis_points)
SELECT uuidv7(), operator.id, 'Home ' || n, 100000, 500
  FROM operator, generate_series(1, {PACKAGES_EACH}) AS n
"""
# The nth customer is one of the nth operator, or all are the first one's, on as many packages as any has.
_PLACE = f"""
WITH seller AS (
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM operator
), sold AS (
  SELECT id, operator_id, row_number() OVER (PARTITION BY operator_id ORDER BY id) - 1 AS n FROM package
)
INSERT INTO customer (id, operator_id, code, name, address, package_id, status, billing_cycle, since)
SELECT uuidv7(), seller.id, 'C-' || made.n, 'Customer ' || made.n, '', sold.id, 'active', 'monthly',
       '2000-01-01'
  FROM generate_series(0, {CUSTOMERS - 1}) AS made (n)
  JOIN seller ON seller.n = CASE WHEN $1 THEN made.n % {RESELLERS} ELSE 0 END
  JOIN sold ON sold.operator_id = seller.id AND sold.n = (made.n / {RESELLERS} + made.n) % {PACKAGES_EACH}
"""


async def measure(stack: Stack) -> AsyncIterator[Row]:
    """Bill both shapes in turn, in a database beside the stack's, and compare the best of each."""
    owner = await asyncpg.connect(stack.database_url)
    await owner.execute(f"CREATE DATABASE {_DATABASE}")
    url = urlunsplit(urlsplit(stack.database_url)._replace(path=f"/{_DATABASE}"))
    try:
        await migrate(url, {}, [schema for schema in SCHEMAS if schema.name == "invoicing"])
        pool = await db.open_pool(url, schema="invoicing", application_name="bench")
        await pool.execute(_FURNISH)
        spread, together = await _compare(pool)
        await pool.close()
    finally:
        await owner.execute(f"DROP DATABASE {_DATABASE} WITH (FORCE)")
        await owner.close()
    yield Row(
        f"run of {CUSTOMERS:,} customers of {RESELLERS:,} resellers with {PACKAGES_EACH} packages each",
        f"{_each(spread)}, {spread / together:.2f} × the same under one operator",
        "≤ 1.5 ×",
        f"one operator: {_each(together)}",
        spread / together <= 1.5,
    )


def _each(seconds: float) -> str:
    return f"{seconds / CUSTOMERS * 1e6:,.0f} µs an invoice"


async def _compare(pool: Pool) -> tuple[float, float]:
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(ROUNDS):
        for is_spread in (True, False):
            await pool.execute("TRUNCATE customer")
            await pool.execute(_PLACE, is_spread)
            seconds[is_spread].append(await _bill(pool, f"20{turn:02d}-{1 if is_spread else 2:02d}"))
    return min(seconds[True]), min(seconds[False])


async def _bill(pool: Pool, period: str) -> float:
    """Open a run, plan it and bill its chunks, one after another; the seconds that took."""
    async with db.in_transaction(pool) as tx:
        settings = await store.billing_settings(tx)
        run = store.NewRun(new_id(), "generate_missing", period, "bench", settings.currency)
        await store.add_run(tx, run)
        await store.say_run(tx, run.id, INTERACTIVE)
    started = time.perf_counter()
    while await workers.work_on_runs(pool):
        pass
    took = time.perf_counter() - started
    created = await pool.fetchval("SELECT created FROM run WHERE id = $1", run.id)
    assert created == CUSTOMERS, created
    await pool.execute("TRUNCATE outbox")
    return took
