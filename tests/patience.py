"""How long a test waits for what must come: a ceiling against standing still, never a measure of speed.

A busy machine takes minutes for what else takes seconds; a test that passes never waits so long.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

SECONDS = 600
MILLISECONDS = SECONDS * 1_000

T = TypeVar("T")


async def until(look: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Look again until there is something to see."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        found = await look()
        if found:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"not within {SECONDS} s: {what}")


async def until_equal(expected: T, read: Callable[[], Awaitable[T]]) -> None:
    """Read again until it is what is expected; else what it is at the end is told."""
    deadline = time.monotonic() + SECONDS
    while (found := await read()) != expected:
        assert time.monotonic() < deadline, f"not within {SECONDS} s: {expected}; there is {found}"
        await asyncio.sleep(0.1)
