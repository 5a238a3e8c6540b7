"""Measures of every process for the engineer on call, taken each quarter of a minute beside its work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import structlog

from shared import clock
from shared.db import Pool, Tx, statements
from shared.outbox import BULK, INTERACTIVE
from shared.telemetry import DEAD_LETTERS, OUTBOX_ROWS, OUTBOX_SECONDS, POOL_SIZE

if TYPE_CHECKING:
    from shared.consumer import Consumer

log = structlog.get_logger()

EVERY_SECONDS = 15.0
LANES = {INTERACTIVE: "interactive", BULK: "bulk"}

_queries = statements(__file__)


def measure(schema: str, has_outbox: bool) -> Callable[[Pool], Awaitable[bool]]:
    """A step that shows the pool, the dead letters and, where this process may send them, the outbox."""

    async def step(pool: Pool) -> bool:
        POOL_SIZE.labels("idle").set(pool.get_idle_size())
        POOL_SIZE.labels("busy").set(pool.get_size() - pool.get_idle_size())
        POOL_SIZE.labels("most").set(pool.get_max_size())
        await _measure_letters(pool, schema)
        if has_outbox:
            await _measure_outbox(pool, schema)
        return False

    return step


def measure_lag(consumers: Sequence[Consumer]) -> Callable[[Pool], Awaitable[bool]]:
    """A step that shows how far behind each subscription is; Kafka away is told by the outbox's age."""

    async def step(_pool: Pool) -> bool:
        for consumer in consumers:
            try:
                await consumer.lag()
            except Exception as error:
                log.warning("lag unknown", subscription=consumer.subscription.name, error=repr(error))
        return False

    return step


async def _measure_letters(pool: Pool, schema: str) -> None:
    found = {row["handler"]: row["letters"] async for row in _queries.open_letters_by_handler(pool)}
    # A handler without letters is told of as well: an alert that saw one must see it gone.
    DEAD_LETTERS.remove_by_labels({"schema": schema})
    DEAD_LETTERS.labels(schema, "any").set(sum(found.values()))
    for handler, letters in found.items():
        DEAD_LETTERS.labels(schema, handler).set(letters)


async def _measure_outbox(pool: Pool, schema: str) -> None:
    for lane, (rows, seconds) in (await outbox_of_lanes(pool)).items():
        OUTBOX_ROWS.labels(schema, lane).set(rows)
        OUTBOX_SECONDS.labels(schema, lane).set(seconds)


async def outbox_of_lanes(pool: Pool | Tx) -> dict[str, tuple[int, float]]:
    """Return how many rows of each lane wait for Kafka, and for how many seconds the oldest has."""
    now = clock.now()
    rows = [row async for row in _queries.outbox_of_lanes(pool, lanes=list(LANES))]
    ages = {row["lane"]: (now - row["oldest"]).total_seconds() if row["oldest"] else 0.0 for row in rows}
    return {LANES[row["lane"]]: (row["waiting"], max(ages[row["lane"]], 0.0)) for row in rows}
