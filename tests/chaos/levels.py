"""What a long soak takes: the memory of every process and the size of every table, minute by minute."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import asyncpg
import psutil

from devstack import supervision
from shared.db import FAILURES
from tests.journeys.stack import Stack

MEGABYTE = 1024 * 1024
LOOK_SECONDS = 60.0
# Between a third of the time and its end: what a process may still take, and a row of a table.
MORE_MEMORY, MORE_MEGABYTES = 1.15, 20.0
MORE_A_ROW = 1.3
# What comes and goes: nearly no row is left at any moment, so the table itself is to stay as large as it is.
QUEUES = ("outbox", "run_said")
MORE_QUEUE, MORE_QUEUE_MEGABYTES = 1.3, 16.0
# Below this a table's pages say more about its last vacuum than about its rows.
SMALL_TABLE_MEGABYTES = 4.0
TABLES = """
SELECT schemaname || '.' || relname AS name, pg_total_relation_size(relid) AS bytes, n_live_tup AS live
FROM pg_stat_user_tables
"""


class Size(NamedTuple):
    """A table at some moment."""

    megabytes: float
    live: int


@dataclass
class Levels:
    """What was seen each minute; `judge` says afterwards what has not levelled off."""

    stack: Stack
    memory: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    tables: dict[str, list[Size]] = field(default_factory=lambda: defaultdict(list))

    async def until(self, ends_at: Callable[[], float]) -> None:
        """Look each minute until then, be that sooner than it seemed."""
        while time.monotonic() < ends_at():
            for name, megabytes in await asyncio.to_thread(self._memory_now):
                self.memory[name].append(megabytes)
            with suppress(*FAILURES):  # a fault's: the next minute tells
                for name, size in await self._tables_now():
                    self.tables[name].append(size)
            next_look = time.monotonic() + LOOK_SECONDS
            while time.monotonic() < min(next_look, ends_at()):
                await asyncio.sleep(1)

    def said(self) -> Iterator[str]:
        """A row each of docs/chaos.md: after a third of the time, after two, at the end."""
        for name, seen in sorted(self.memory.items()):
            yield f"| {name} | {' | '.join(f'{value:,.0f} MB' for value in _thirds(seen))} |"
        largest = sorted(self.tables.items(), key=lambda table: -table[1][-1].megabytes)
        for name, sizes in largest[:15]:
            marks = _thirds([size.megabytes for size in sizes]), _thirds([size.live for size in sizes])
            shown = (f"{size:,.0f} MB, {rows:,.0f} rows" for size, rows in zip(*marks, strict=True))
            yield f"| {name} | {' | '.join(shown)} |"

    def judge(self) -> list[str]:
        """Processes whose memory still grows, and tables whose rows take more and more."""
        found = []
        for name, seen in self.memory.items():
            early, _, late = _thirds(seen)
            if late > early * MORE_MEMORY + MORE_MEGABYTES:
                found.append(f"memory of {name}: {early:,.0f} MB after a third, {late:,.0f} MB at the end")
        for name, sizes in self.tables.items():
            if name.endswith(QUEUES):
                found += _grown_queue(name, sizes)
                continue
            early, _, late = _thirds([size.megabytes / max(size.live, 1) for size in sizes])
            if sizes[-1].megabytes > SMALL_TABLE_MEGABYTES and late > early * MORE_A_ROW:
                found.append(f"a row of {name}: {early * 1024:,.1f} kB, later {late * 1024:,.1f}")
        return found

    def _memory_now(self) -> list[tuple[str, float]]:
        roots = [(name, pid) for name, pid in supervision.pids(self.stack.directory).items() if pid]
        for place, child in enumerate(psutil.Process().children()):
            with suppress(psutil.NoSuchProcess):
                words = child.cmdline()
                if "serve" in words:
                    roots.append((f"{words[words.index('serve') + 1]}, replica {place}", child.pid))
        return [(name, megabytes) for name, pid in roots if (megabytes := _with_children(pid))]

    async def _tables_now(self) -> list[tuple[str, Size]]:
        connection = await asyncpg.connect(self.stack.addresses["database_url"])
        try:
            rows = await connection.fetch(TABLES)
        finally:
            await connection.close()
        return [(row["name"], Size(row["bytes"] / MEGABYTE, row["live"])) for row in rows]


def _with_children(pid: int) -> float:
    """Megabytes of their own, of a process and all below it; 0 once it is gone.

    A page of Postgres' shared buffers counts for nobody: it is filled once and stays.
    """
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        return sum(_own(each.pid) for each in (root, *root.children(recursive=True))) / 1024
    return 0.0


def _own(pid: int) -> float:
    """Kilobytes of anonymous memory (`RssAnon`, proc_pid_status(5)); 0 once it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return float(line.split()[1])
    return 0.0


def _grown_queue(name: str, sizes: list[Size]) -> Iterator[str]:
    early, _, late = _thirds([size.megabytes for size in sizes])
    if late > early * MORE_QUEUE + MORE_QUEUE_MEGABYTES:
        yield f"{name}: {early:,.0f} MB after a third, {late:,.0f} MB at the end"


def _thirds(seen: list[float]) -> tuple[float, float, float]:
    """The medians around a third of the time, around two, and of the last sixth."""
    sixth = max(len(seen) // 6, 1)
    return (
        statistics.median(seen[sixth * 2 : sixth * 3] or seen),
        statistics.median(seen[sixth * 4 : sixth * 5] or seen),
        statistics.median(seen[-sixth:]),
    )
