"""A service's bulk lane: what hears millions of records works in a process of its own beside the service's.

A batch of thousands keeps an event loop for some 70 ms, and a clerk's payment passes thirty awaits. The
service starts its own command again, niced, tells it by a variable that it is the bulk lane, and watches it:
one that ends or falls silent is started anew. It stops with its service, and by itself when the service is
gone, as their pipe ends then. By the other pipe come its readiness, troubles and metrics, which are shown as
the service's.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Metric
from prometheus_client.registry import Collector

from shared.telemetry import LANE_RESTARTS

log = structlog.get_logger()

NICE = 5  # a third of what clerks' processes get where there is too little; at ten it is a tenth
REPORT_SECONDS = 5.0
FIRST_REPORTS_SECONDS = 0.25
# Reports come each 5 s from a process that everything else goes before; its own watchdog sees the rest.
SILENT_SECONDS = 60.0
# Its first word comes after its imports: killed too early, a busy machine would import for ever.
START_SECONDS = 300.0
STOP_SECONDS = 10.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 10.0
WELL_AFTER_SECONDS = 30.0
_LARGEST_REPORT_BYTES = 4 * 1024 * 1024
_VARIABLE = "ISPBILLS_PROCESS_LANE"


class Lane(Enum):
    """The part of a service that a process carries."""

    ALL = "all"
    INTERACTIVE = "interactive"
    BULK = "bulk"


def is_bulk_process() -> bool:
    """Whether this process was started to be a service's bulk lane."""
    return os.environ.get(_VARIABLE) == Lane.BULK.value


@dataclass
class Report:
    """The last words of a bulk lane: whether it is ready, its troubles, and its metrics."""

    ready: bool = False
    troubles: list[dict[str, Any]] = field(default_factory=list)
    metrics: list[list[Any]] = field(default_factory=list)


@dataclass
class BulkLane:
    """The service's side: starts the process, listens to it, starts it again, and stops it.

    It counts as ready once it was: while it is started anew, clerks are served as before.
    """

    report: Report = field(default_factory=Report)
    has_been_ready: bool = False
    _process: Process | None = None
    _stopping: bool = False

    async def keep(self) -> None:
        """Have the process run until cancelled."""
        pause = FIRST_PAUSE_SECONDS
        while not self._stopping:
            began = time.monotonic()
            self._process = await _start()
            code = await self._listen(self._process)
            self.report = Report()
            if self._stopping:
                return
            LANE_RESTARTS.inc()
            log.error("bulk lane ended and is started again", code=code)
            pause = FIRST_PAUSE_SECONDS if time.monotonic() - began > WELL_AFTER_SECONDS else pause * 2
            await asyncio.sleep(min(pause, LONGEST_PAUSE_SECONDS))

    async def _listen(self, process: Process) -> int:
        """Take reports until the process ends, or is silent too long and killed; answers its exit code."""
        assert process.stdout is not None
        patience = START_SECONDS
        while True:
            try:
                async with asyncio.timeout(patience):
                    line = await process.stdout.readline()
            except (TimeoutError, ValueError) as error:
                log.critical("bulk lane says nothing that can be read", error=repr(error))
                line = b""
                _kill(process)
            if not line:
                return await process.wait()
            patience = SILENT_SECONDS
            self.report = Report(**json.loads(line))
            self.has_been_ready = self.has_been_ready or self.report.ready

    async def stop(self) -> None:
        """Let it finish what it has in hand, and end it for sure."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            _kill(process)


async def _start() -> Process:
    """The same command once more; what it prints is for us alone, what it logs goes where our logs go."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *sys.orig_argv[1:],
        env=os.environ | {_VARIABLE: Lane.BULK.value},
        stdin=PIPE,
        stdout=PIPE,
        limit=_LARGEST_REPORT_BYTES,
    )


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()


class Registry(CollectorRegistry):
    """The metrics of this process and, under the label `part="bulk"`, those of its bulk lane."""

    def __init__(self, lane: BulkLane) -> None:
        super().__init__()
        self.register(_Together(lane))


@dataclass(eq=False)
class _Together(Collector):
    lane: BulkLane

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        families = {family.name: family for family in REGISTRY.collect()}
        for name, documentation, kind, samples in self.lane.report.metrics:
            family = families.setdefault(name, Metric(name, documentation, kind))
            for sample, labels, value in samples:
                family.add_sample(sample, {**labels, "part": Lane.BULK.value}, value)
        yield from families.values()


def _measured() -> list[list[Any]]:
    return [
        [family.name, family.documentation, family.type, [list(sample[:3]) for sample in family.samples]]
        for family in REGISTRY.collect()
    ]


async def report_for_ever(
    is_ready: Callable[[], Awaitable[bool]], troubles: Callable[[], list[dict[str, Any]]], out: int
) -> None:
    """Tell the service how its bulk lane is, often until it is ready."""
    while True:
        ready = await is_ready()
        report = {"ready": ready, "troubles": troubles(), "metrics": _measured()}
        await asyncio.to_thread(_write, out, json.dumps(report).encode() + b"\n")
        await asyncio.sleep(REPORT_SECONDS if ready else FIRST_REPORTS_SECONDS)


def _write(out: int, line: bytes) -> None:
    while line:
        line = line[os.write(out, line) :]


def take_output() -> int:
    """Keep standard output for reports; whatever prints goes to the log from now on."""
    out = os.dup(1)
    os.dup2(2, 1)
    return out


def on_end_of_input(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """Call back once the service that holds the other end of standard input is gone."""

    def look() -> None:
        if not os.read(0, 1):
            loop.remove_reader(0)
            stop()

    loop.add_reader(0, look)
