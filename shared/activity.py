"""What happens in a process: workers that found nothing for a while look seldom, until something does."""

from __future__ import annotations

import asyncio
import time

from shared.waiting import happens

# A clock of seconds or another replica gives work as well: that is found within these two.
QUIET_AFTER_SECONDS = 10.0
QUIET_PAUSE_SECONDS = 2.0


class Activity:
    """Batches that were handled and requests that may have written something."""

    def __init__(self) -> None:
        self._next = asyncio.Event()
        self._last = time.monotonic()

    def note(self) -> None:
        """Say that something happened: whoever rests looks again."""
        noted, self._next = self._next, asyncio.Event()
        self._last = time.monotonic()
        noted.set()

    async def rest(self, pause_seconds: float, worked_at: float) -> None:
        """Wait for the pause; where nothing has happened for long, nor any work been found, for longer."""
        following = self._next
        await asyncio.sleep(pause_seconds)
        is_quiet = time.monotonic() - max(self._last, worked_at) > QUIET_AFTER_SECONDS
        if is_quiet and pause_seconds < QUIET_PAUSE_SECONDS:
            await happens(following, QUIET_PAUSE_SECONDS - pause_seconds)
