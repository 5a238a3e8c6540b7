"""Waiting for an operation to end: one LISTEN a process, fanned out to whoever waits; a poll behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import asyncpg

from gateway.store.operations import CHANNEL
from shared.db import Pool


class Waiters:
    """Those who wait, by the operation they wait for."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._events: dict[str, set[asyncio.Event]] = {}

    @contextmanager
    def waiting_for(self, operation_id: UUID) -> Iterator[asyncio.Event]:
        """An event that is set whenever the operation may have ended; register before the commit."""
        event = asyncio.Event()
        waiting = self._events.setdefault(str(operation_id), set())
        waiting.add(event)
        try:
            yield event
        finally:
            waiting.discard(event)
            if not waiting:
                self._events.pop(str(operation_id), None)

    async def listen(self, _: Pool) -> bool:
        """Listen until the connection dies; the worker that runs this starts it again."""
        connection = await asyncpg.connect(
            self._database_url, server_settings={"application_name": "gateway-waiters"}
        )
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            await connection.add_listener(CHANNEL, self._wake)
            await lost.wait()
        finally:
            await connection.close(timeout=1)
        return False

    def _wake(self, _connection: Any, _pid: int, _channel: str, operation_id: object) -> None:
        for event in self._events.get(str(operation_id), ()):
            event.set()
