"""Waiting for something, but not for ever.

Never `asyncio.wait_for`: until Python 3.12 it loses a cancellation that comes in the same moment as what was
waited for, and a service that was told to stop goes on (python/cpython#86296). ruff refuses it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress


async def happens(event: asyncio.Event, within_seconds: float) -> None:
    """Return once the event is set, or when the time is over."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within_seconds):
            await event.wait()
