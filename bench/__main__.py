"""`python -m bench [PART …]`: prints the table of these parts, or of all."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from bench import counter, desk, documents, downloads, messages, month, operators, paint, partner
from bench.figures import HEAD, Row
from bench.stack import Stack, running

PARTS = ("month", "counter", "partner", "desk", "operators", "messages", "paint", "documents", "downloads")


def main() -> None:
    """Measure and print; parts stand on the bills that `month` makes."""
    options = argparse.ArgumentParser(prog="bench", description=__doc__)
    options.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    options.add_argument("--customers", type=int, default=200_000)
    options.add_argument("--events", type=int, default=50_000)
    options.add_argument("--bills", type=int, default=5_000_000)
    options.add_argument("--documents", type=int, default=10_000)
    options.add_argument("--downloads", type=int, default=10_000)
    options.add_argument("--messages", type=int, default=10_000)
    chosen = options.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        options.error(f"no such part: {', '.join(unknown)}")
    parts = chosen.parts or PARTS
    rows: list[Row] = []
    if set(parts) - {"paint", "documents", "downloads"}:
        with running() as stack:
            rows += asyncio.run(_measure(stack, parts, chosen))
    if "paint" in parts:
        with running(demo=True) as stack:
            rows += _say(paint.measure(stack))
    if "downloads" in parts:
        with running() as stack:
            rows += _say(asyncio.run(downloads.measure(stack, chosen.downloads)))
    if "documents" in parts:
        rows += _say(documents.measure(chosen.documents))
    print("\n".join([HEAD, *(row.markdown() for row in rows)]))


async def _measure(stack: Stack, parts: Sequence[str], chosen: argparse.Namespace) -> list[Row]:
    rows: list[Row] = []
    if set(parts) & {"month", "counter", "partner"}:
        rows += _say(await month.measure(stack, chosen.customers))
    if "counter" in parts:
        rows += _say(await counter.measure(stack))
    if "partner" in parts:
        rows += _say(await partner.measure(stack, chosen.events))
    if "operators" in parts:
        rows += _say(await operators.measure(stack))
    if "messages" in parts:
        rows += _say(await messages.measure(stack, chosen.messages))
    if "desk" in parts:
        rows += _say(await desk.measure(stack, chosen.bills))
    return rows


def _say(rows: list[Row]) -> list[Row]:
    for row in rows:
        print(f"{row.what}: {row.measured}", file=sys.stderr, flush=True)
    return rows


if __name__ == "__main__":
    main()
