"""What goes wrong meanwhile: seeded faults of processes, stores, network, disk and clock, one by one."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

import click
import psutil

from devstack import environment, supervision
from devstack.names import SERVICES
from tests.disks import small_disk
from tests.journeys.stack import Stack
from tests.patience import until

# Ten minutes of a soak take a third of it; it lies in memory, and three soaks side by side may fill theirs.
DISK = "3g"
# Past the session time-out of a consumer (10 s) and the lease of a relay (10 s).
FROZEN_SECONDS = (12, 25)
AWAY_SECONDS = (4, 12)
PAUSE_SECONDS = (4, 12)
CLOCK_SECONDS = 150


@contextmanager
def disk_of(stack: Stack) -> Iterator[bool]:
    """Put the stack's state on a disk that can be filled without harming others; False where none is had."""
    with small_disk(stack.directory, DISK) as mounted:
        try:
            yield mounted
        finally:
            if mounted:
                stack.down()


class Faults:
    """Deals out every fault once before any comes again; each has passed when the next begins."""

    def __init__(self, stack: Stack, chance: random.Random, *, disk: bool) -> None:
        self.stack, self.chance = stack, chance
        self.seen: list[str] = []
        self.deck: list[Callable[[], Awaitable[str]]] = [
            self.process_killed,
            self.process_frozen,
            self.kafka_killed,
            self.postgres_killed,
            self.kafka_refuses,
            self.postgres_refuses,
            self.clock_steps,
            self.rolled,
            self.store_frozen,
            self.process_frozen,
            self.process_killed,
        ]
        if disk:
            self.deck.append(self.disk_full)
        else:
            click.echo("the disk is not filled: no disk of its own could be mounted")

    async def until(self, ends_at: float) -> None:
        """Let things go wrong until then; afterwards everything is whole."""
        while True:
            for fault in self.chance.sample(self.deck, len(self.deck)):
                await asyncio.sleep(self.chance.uniform(*PAUSE_SECONDS))
                if time.monotonic() >= ends_at:
                    await self._whole()
                    return
                said = await fault()
                self.seen.append(said)
                click.echo(f"{time.strftime('%H:%M:%S')}  {said}")

    async def process_killed(self) -> str:
        name = self.chance.choice(SERVICES)
        self._signal(name, signal.SIGKILL)
        return f"{name} killed"

    async def process_frozen(self) -> str:
        name, seconds = self.chance.choice(SERVICES), self.chance.uniform(*FROZEN_SECONDS)
        pid = self._signal(name, signal.SIGSTOP)
        await asyncio.sleep(seconds)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        return f"{name} frozen for {seconds:.0f} s"

    async def store_frozen(self) -> str:
        """Connections stay open and nobody answers; Postgres with all that work for it."""
        name, seconds = self.chance.choice(("kafka", "postgres")), self.chance.uniform(*FROZEN_SECONDS)
        pid = self._signal(name, signal.SIGSTOP)
        frozen = [psutil.Process(pid)] if pid is not None else []
        frozen += [child for each in frozen for child in each.children(recursive=True)]
        try:
            for each in frozen:
                with suppress(psutil.NoSuchProcess):
                    each.suspend()
            await asyncio.sleep(seconds)
        finally:
            for each in reversed(frozen):
                with suppress(psutil.NoSuchProcess):
                    each.resume()
        return f"{name} frozen for {seconds:.0f} s"

    async def rolled(self) -> str:
        """A deployment: each service ends in its own time and begins anew, its replica working meanwhile."""
        names = self.chance.sample(SERVICES, len(SERVICES))
        for name in names:
            await asyncio.to_thread(supervision.stop, self.stack.directory, name)
            await asyncio.to_thread(supervision.start, self.stack.directory, name)
        return f"{', '.join(names)} rolled"

    async def kafka_killed(self) -> str:
        self._signal("kafka", signal.SIGKILL)
        return "Kafka killed"

    async def postgres_killed(self) -> str:
        self._signal("postgres", signal.SIGKILL)
        return "Postgres killed"

    async def kafka_refuses(self) -> str:
        return await self._away("kafka")

    async def postgres_refuses(self) -> str:
        return await self._away("postgres")

    async def clock_steps(self) -> str:
        offset = self.chance.uniform(-CLOCK_SECONDS, CLOCK_SECONDS)
        environment.turn_clock(self.stack.directory, offset)
        await asyncio.sleep(self.chance.uniform(*AWAY_SECONDS))
        environment.turn_clock(self.stack.directory, 0)
        return f"the clock {offset:+.0f} s off for a while"

    async def disk_full(self) -> str:
        seconds = self.chance.uniform(*AWAY_SECONDS)
        filler = self.stack.directory / "filler"
        found = os.statvfs(self.stack.directory)
        try:
            with suppress(OSError), filler.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, found.f_bavail * found.f_frsize)
                while True:
                    file.write(bytes(65_536))
                    file.flush()
            await asyncio.sleep(seconds)
        finally:
            filler.unlink(missing_ok=True)
        return f"the disk full for {seconds:.0f} s"

    async def _away(self, name: str) -> str:
        seconds = self.chance.uniform(*AWAY_SECONDS)
        await asyncio.to_thread(supervision.stop, self.stack.directory, name)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(supervision.start, self.stack.directory, name)
        return f"{name} refused connections for {seconds:.0f} s"

    def _signal(self, name: str, number: signal.Signals) -> int | None:
        pid = supervision.pids(self.stack.directory).get(name)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        return pid

    async def _whole(self) -> None:
        """Wait until every process runs again."""

        async def all_up() -> bool:
            found = await asyncio.to_thread(supervision.pids, self.stack.directory)
            return bool(found) and all(found.values())

        await until(all_up, "every process is back")
        await asyncio.to_thread(self.stack.up)
