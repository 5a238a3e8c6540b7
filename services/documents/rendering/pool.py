"""Rendering processes at work: bounded in time, memory and number of jobs, started anew when one dies."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

from services.documents.rendering.frames import READY, frame

log = structlog.get_logger()

START_LIMIT_SECONDS = 180.0

# All that a rendering process is told: no addresses, no secrets.
_ENVIRONMENT = ("PATH", "HOME", "LANG", "PYTHONPATH", "FONTCONFIG_FILE", "XDG_CACHE_HOME", "VIRTUAL_ENV")


class RenderingFailed(Exception):
    """A job that came to nothing; `code` and the message say why."""

    def __init__(self, code: str, detail: str, facts: dict[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.facts = code, detail, facts or {}


class ProcessDied(Exception):
    """The process ended in the middle of a job: killed, or out of memory."""


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome of a job."""

    facts: dict[str, Any]
    blobs: list[bytes]


@dataclass
class Process:
    """One rendering process and how much it has done."""

    process: asyncio.subprocess.Process
    jobs: int = 0
    resident_bytes: int = 0
    ended: bool = False

    async def is_ready(self) -> None:
        """Wait until it has its templates and fonts; raises `ProcessDied`."""
        source = self.process.stdout
        assert source is not None
        try:
            await source.readexactly(len(READY))
        except asyncio.IncompleteReadError as error:
            raise ProcessDied from error

    async def do(self, header: dict[str, Any], blobs: Sequence[bytes]) -> Done:
        """Hand a job over and wait for its answer; raises `ProcessDied`, `RenderingFailed`."""
        sink, source = self.process.stdin, self.process.stdout
        assert sink is not None
        assert source is not None
        try:
            sink.write(frame(header, blobs))
            await sink.drain()
            length = int.from_bytes(await source.readexactly(4), "big")
            facts: dict[str, Any] = json.loads(await source.readexactly(length))
            answered = [await source.readexactly(size) for size in facts.pop("blobs")]
        except (asyncio.IncompleteReadError, ConnectionError, BrokenPipeError) as error:
            raise ProcessDied from error
        self.jobs += 1
        self.resident_bytes = facts.pop("resident_bytes")
        if "error" in facts:
            raise RenderingFailed(facts["error"], facts["detail"], facts.get("facts"))
        return Done(facts, answered)

    def kill(self) -> None:
        """End it, whatever it does."""
        self.ended = True
        if self.process.returncode is None:
            self.process.kill()


@dataclass
class Pool:
    """`size` processes, each started before it is needed, or when it is."""

    size: int
    time_limit_seconds: float
    memory_bytes: int
    recycle_bytes: int
    jobs_a_process: int
    _idle: list[Process] = field(default_factory=list)
    _alive: int = 0
    _places: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.size)

    async def warm(self) -> None:
        """Start every process, so that nobody's document waits for it; raises `ProcessDied`."""
        while self._alive < self.size:
            async with self._places:
                self._idle.append(await self._start())

    async def run(self, header: dict[str, Any], blobs: Sequence[bytes] = ()) -> Done:
        """Do a job within the time limit; raises `RenderingFailed` or `ProcessDied`."""
        async with self._places, self._one() as process:
            try:
                async with asyncio.timeout(self.time_limit_seconds):
                    return await process.do(header, blobs)
            except TimeoutError as error:
                process.kill()
                limit = f"{self.time_limit_seconds:g}"
                raise RenderingFailed("too-slow", f"It took longer than {limit} seconds.") from error
            except (ProcessDied, asyncio.CancelledError):
                process.kill()
                raise

    @asynccontextmanager
    async def _one(self) -> AsyncIterator[Process]:
        process = self._idle.pop() if self._idle else await self._start()
        try:
            yield process
        finally:
            worn = process.jobs >= self.jobs_a_process or process.resident_bytes > self.recycle_bytes
            if worn or process.ended:
                await self._end(process)
            else:
                self._idle.append(process)

    async def _start(self) -> Process:
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.documents.rendering.worker",
            str(self.memory_bytes),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
        )
        started = Process(process)
        self._alive += 1
        try:
            # Not a part of anybody's time: on a busy machine a start takes longer than a document may.
            async with asyncio.timeout(START_LIMIT_SECONDS):
                await started.is_ready()
        except TimeoutError as error:
            await self._end(started)
            raise ProcessDied from error
        except (ProcessDied, asyncio.CancelledError):
            await self._end(started)
            raise
        return started

    async def _end(self, process: Process) -> None:
        process.kill()
        await process.process.wait()
        self._alive -= 1

    async def close(self) -> None:
        """End every process."""
        for process in self._idle:
            await self._end(process)
        self._idle.clear()
