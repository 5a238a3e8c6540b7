"""Rows of the table: what was measured, what was to be reached, the floor it stands on, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of `docs/benchmarks.md`; `reached` is None where nothing was asked for."""

    what: str
    measured: str
    reach: str = "–"
    floor: str = ""
    reached: bool | None = None

    @property
    def verdict(self) -> str:
        if self.reached is None:
            return ""
        return "reached" if self.reached else "**not reached**"

    def markdown(self) -> str:
        return f"| {self.what} | {self.measured} | {self.reach} | {self.floor} | {self.verdict} |"


HEAD = "| what | measured | to reach | floor in the same run | verdict |\n|---|---|---|---|---|"


def percentile(seconds: Sequence[float], share: float) -> float:
    """The value below which `share` of the sample lies (nearest rank)."""
    ordered = sorted(seconds)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1_000:,.0f} ms"


def spread(seconds: Sequence[float]) -> str:
    """Median and 95th percentile of a sample of durations."""
    return f"p50 {milliseconds(percentile(seconds, 0.5))}, p95 {milliseconds(percentile(seconds, 0.95))}"
