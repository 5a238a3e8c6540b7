"""`python -m bench [PART …]`: prints the table of these parts, or of those that have targets of speed."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial

from bench import (
    counter,
    desk,
    documents,
    downloads,
    idle,
    messages,
    month,
    operators,
    paint,
    partner,
    replicas,
)
from bench.figures import HEAD, Row
from bench.quiet import machine_speed, settle
from bench.stack import Stack, running

# What is measured at the sizes of the targets, and in `bench-quick`.
SIZES = {
    "customers": (1_000_000, 100_000),
    "events": (50_000, 10_000),
    "bills": (5_000_000, 200_000),
    "documents": (10_000, 200),
    "downloads": (10_000, 300),
    "messages": (10_000, 500),
}
TARGETS = ("month", "counter", "partner", "desk", "idle", "replicas", "paint")
QUICK = ("month", "counter", "partner", "desk", "paint")
MOST_REPLICATED = 200_000


@dataclass(frozen=True)
class Part:
    """Something to measure, on the stack that many share, one of its own, the demo's, or none."""

    name: str
    stack: str
    measure: Callable[[Stack], AsyncIterator[Row] | Iterator[Row]]


def parts(sizes: argparse.Namespace) -> tuple[Part, ...]:
    """All parts in their order; `counter` and `partner` pay what `month` has billed, `idle` is last."""
    customers = sizes.customers
    # A stack for the demo alone takes as long to come up as a part takes.
    isp = "the bills of the desk above" if sizes.quick else "demo ISP"
    return (
        Part("month", "shared", partial(month.measure, customers=customers, judges_growth=not sizes.quick)),
        Part("counter", "shared", counter.measure),
        Part("partner", "shared", partial(partner.measure, events=sizes.events)),
        Part("operators", "shared", operators.measure),
        Part("messages", "shared", partial(messages.measure, messages=sizes.messages)),
        Part("desk", "shared", partial(desk.measure, bills=sizes.bills)),
        Part("idle", "shared", idle.measure),
        Part("replicas", "own", partial(replicas.measure, customers=min(customers, MOST_REPLICATED))),
        Part("paint", "shared" if sizes.quick else "demo", partial(paint.measure, isp=isp)),
        Part("downloads", "own", partial(downloads.measure, bills=sizes.downloads)),
        Part("documents", "none", lambda _stack: documents.measure(sizes.documents)),
    )


NAMES = tuple(part.name for part in parts(argparse.Namespace(quick=False, **dict.fromkeys(SIZES, 0))))


def main() -> None:
    """Measure part by part and print; a part that fails is told and the others go on, exit code 1."""
    chosen = _chosen()
    wanted = [part for part in parts(chosen) if part.name in chosen.parts]
    rows: list[Row] = []
    failed: list[str] = []
    before = machine_speed()
    for shared in (True, False):
        with _shared_stack(wanted) if shared else nullcontext() as stack:
            for part in wanted:
                if (part.stack == "shared") is shared:
                    _measure(part, stack, rows, failed)
    after = machine_speed()
    print(
        f"{os.cpu_count()} cores; 5 million additions took {before:.2f} s before and {after:.2f} s after.\n"
    )
    print("\n".join([HEAD, *(row.markdown() for row in rows)]))
    if failed:
        sys.exit(f"not measured, see above: {', '.join(failed)}")


def _chosen() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="bench", description=__doc__)
    options.add_argument("parts", nargs="*", metavar="PART", help=", ".join(NAMES))
    options.add_argument("--quick", action="store_true", help="smaller, and without the long parts")
    for name, (large, small) in SIZES.items():
        options.add_argument(f"--{name}", type=int, help=f"{large:,}; quick: {small:,}")
    chosen = options.parse_args()
    if unknown := set(chosen.parts) - set(NAMES):
        options.error(f"no such part: {', '.join(sorted(unknown))}")
    for name, sizes in SIZES.items():
        if getattr(chosen, name) is None:
            setattr(chosen, name, sizes[chosen.quick])
    chosen.parts = set(chosen.parts or (QUICK if chosen.quick else TARGETS))
    if chosen.parts & {"counter", "partner"}:
        chosen.parts.add("month")
    return chosen


@contextmanager
def _shared_stack(wanted: Sequence[Part]) -> Iterator[Stack | None]:
    if not any(part.stack == "shared" for part in wanted):
        yield None
        return
    with running() as stack:
        yield stack


def _measure(part: Part, shared: Stack | None, rows: list[Row], failed: list[str]) -> None:
    """Measure once everything is quiet; what was measured before a failure stays."""
    try:
        if part.stack == "shared":
            assert shared is not None
            _rows(part, shared, rows)
        elif part.stack == "none":
            _rows(part, None, rows)
        else:
            with running(demo=part.stack == "demo") as own:
                _rows(part, own, rows)
    except Exception:
        traceback.print_exc()
        failed.append(part.name)


def _rows(part: Part, stack: Stack | None, rows: list[Row]) -> None:
    if stack is not None:
        asyncio.run(settle(stack))
    measured = part.measure(stack)  # type: ignore[arg-type]  # documents needs none
    if isinstance(measured, Iterator):
        for row in measured:
            _tell(row, rows)
    else:
        asyncio.run(_as_they_come(measured, rows))


async def _as_they_come(measured: AsyncIterator[Row], rows: list[Row]) -> None:
    async for row in measured:
        _tell(row, rows)


def _tell(row: Row, rows: list[Row]) -> None:
    print(row.markdown(), file=sys.stderr, flush=True)
    rows.append(row)


if __name__ == "__main__":
    main()
