"""CPU time by process of a stack: what an item costs stays comparable on a slow day."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress

import psutil

from bench.stack import Stack


class Meter:
    """CPU seconds of each process of a stack, with its children, since the meter was made."""

    def __init__(self, stack: Stack) -> None:
        pids = json.loads(stack.command("status", "--json"))["processes"]
        self._roots = {name: psutil.Process(pid) for name, pid in pids.items() if pid}
        self._before = self._now()

    def spent(self) -> dict[str, float]:
        """CPU seconds by the name of the process, with those of its children."""
        now = self._now()
        return {name: now[name] - self._before.get(name, 0.0) for name in now}

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
        return root.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def each(spent: Mapping[str, float], items: int) -> str:
    """`CPU 181 µs each: postgres 70, kafka 31, …`, the largest first."""
    micro = {name: seconds / items * 1e6 for name, seconds in spent.items()}
    largest = sorted(micro.items(), key=lambda item: -item[1])
    parts = ", ".join(f"{name} {value:,.0f}" for name, value in largest if value >= 1)
    return f"CPU {sum(micro.values()):,.0f} µs each: {parts}"
