"""CPU time by process of a stack, Postgres' by whom it served: so that slow days can be compared."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress

import psutil

from bench.stack import Stack

POSTGRES = "postgres"
# Autovacuum's workers, as a rule: services keep their connections.
ENDED = "ended ones"


class Meter:
    """CPU seconds of each process of a stack, with its children, since the meter was made."""

    def __init__(self, stack: Stack) -> None:
        pids = json.loads(stack.command("status", "--json"))["processes"]
        self._roots = {name: psutil.Process(pid) for name, pid in pids.items() if pid}
        self._before = self._now()
        self._served_before = self._served_now()

    def spent(self) -> dict[str, float]:
        """CPU seconds by the name of the process, with those of its children."""
        now = self._now()
        return {name: now[name] - self._before.get(name, 0.0) for name in now}

    def served(self) -> dict[str, float]:
        """CPU seconds of Postgres by the role that it served, or by the work of its own."""
        now = self._served_now()
        return {name: now[name] - self._served_before.get(name, 0.0) for name in now}

    def _served_now(self) -> dict[str, float]:
        seconds: dict[str, float] = defaultdict(float)
        root = self._roots[POSTGRES]
        ended = root.cpu_times()
        seconds[ENDED] = ended.children_user + ended.children_system
        for child in _children(root):
            with suppress(psutil.NoSuchProcess):
                times, title = child.cpu_times(), child.cmdline()
                seconds[_whose(title)] += times.user + times.system
        return dict(seconds)

    def _now(self) -> dict[str, float]:
        seconds: dict[str, float] = defaultdict(float)
        for name, root in self._roots.items():
            with suppress(psutil.NoSuchProcess):
                times = root.cpu_times()
                seconds[name] += times.user + times.system + times.children_user + times.children_system
            for child in _children(root):
                with suppress(psutil.NoSuchProcess):
                    times = child.cpu_times()
                    seconds[name] += times.user + times.system
        return dict(seconds)


def _children(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [*root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _whose(title: list[str]) -> str:
    """Return the role of `postgres: payments ispbills 127.0.0.1(40312) idle`, or what it does for itself."""
    words = " ".join(title).removeprefix("postgres: ").split()
    return words[0] if words else ENDED


def each(spent: Mapping[str, float], items: int) -> str:
    """`CPU 181 µs each: postgres 70, kafka 31, …`, the largest first."""
    return f"CPU {sum(spent.values()) / items * 1e6:,.0f} µs each: {shares(spent, items)}"


def shares(spent: Mapping[str, float], items: int) -> str:
    """`postgres 70, kafka 31, …`: µs an item, the largest first."""
    largest = sorted(((seconds / items * 1e6, name) for name, seconds in spent.items()), reverse=True)
    return ", ".join(f"{name} {value:,.0f}" for value, name in largest if value >= 1)
