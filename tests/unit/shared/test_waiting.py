"""Whoever waits is told to end, or that it happened, whichever comes, also when both come at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from shared.activity import Activity
from shared.waiting import happens
from tests import patience


@pytest.mark.parametrize("steps", range(4))
async def test_who_is_told_to_end_ends_also_when_it_happens_in_that_moment(steps: int) -> None:
    event = asyncio.Event()
    waiting = asyncio.create_task(happens(event, patience.SECONDS))
    await _ends_after(steps, event.set, waiting)


@pytest.mark.parametrize("steps", range(4))
async def test_a_worker_that_rests_ends_also_when_it_is_woken_in_that_moment(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.activity.QUIET_AFTER_SECONDS", -1.0)
    monkeypatch.setattr("shared.activity.QUIET_PAUSE_SECONDS", patience.SECONDS)
    activity = Activity()
    await _ends_after(steps, activity.note, asyncio.create_task(activity.rest(0, 0.0)))


async def _ends_after(steps: int, happen: Callable[[], None], task: asyncio.Task[None]) -> None:
    """Let it happen, and tell the task to end so many steps of the loop later."""
    await asyncio.sleep(0.01)
    happen()
    for _ in range(steps):
        await asyncio.sleep(0)
    if not task.done():
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_what_does_not_happen_is_waited_for_no_longer() -> None:
    event = asyncio.Event()
    await happens(event, 0.01)
    await happens(event, -1)
    assert not event.is_set()
