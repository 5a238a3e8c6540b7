"""A stack with nothing to do: how much of a core it takes all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bench.cpu import Meter
from bench.figures import Row
from bench.stack import Stack

SECONDS = 60
# Workers and readers look seldom once nothing has happened for ten seconds.
REST_SECONDS = 20
AT_MOST = 0.05


async def measure(stack: Stack) -> AsyncIterator[Row]:
    """CPU time of every process over a minute."""
    await asyncio.sleep(REST_SECONDS)
    found = await shares(stack, SECONDS)
    total = sum(found.values())
    largest = sorted(found.items(), key=lambda item: -item[1])
    parts = ", ".join(f"{name} {share:.1%}" for name, share in largest)
    yield Row("idle stack, of a core", f"{total:.1%}: {parts}", "≤ 5 %", reached=total <= AT_MOST)


async def shares(stack: Stack, seconds: float) -> dict[str, float]:
    """What each process takes of a core in the next so many seconds, in which nothing may happen."""
    meter = Meter(stack)
    await asyncio.sleep(seconds)
    return {name: spent / seconds for name, spent in meter.spent().items()}
