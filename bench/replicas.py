"""The monthly run with one, two and four replicas of invoicing and of the projector: what scales here."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bench import catalog, month
from bench.cpu import Meter, shares
from bench.figures import Row
from bench.quiet import done, settle
from bench.stack import Stack

REPLICATED = ("invoicing", "projector")
READY_SECONDS = 120


async def measure(stack: Stack, customers: int) -> AsyncIterator[Row]:
    """One month with each number of replicas."""
    rates: dict[int, float] = {}
    async with stack.client() as client:
        await catalog.open_shop(client, month.FIRST)
        await catalog.add_customers(client, 0, customers)
        await settle(stack)
        for replicas, period in zip((1, 2, 4), (month.FIRST, month.SECOND, month.THIRD), strict=True):
            async with _beside(stack, REPLICATED * (replicas - 1)):
                meter = Meter(stack)
                rates[replicas] = customers / await month.run(client, period, customers)
                await done(stack)
                yield Row(
                    f"run of {customers:,} customers with {replicas} of {' and of '.join(REPLICATED)}",
                    f"{rates[replicas]:,.0f} invoices/s, {rates[replicas] / rates[1]:.2f} × that of one; "
                    f"Postgres by whom it served, µs an invoice: {shares(meter.served(), customers)}",
                )


@asynccontextmanager
async def _beside(stack: Stack, names: Sequence[str]) -> AsyncIterator[None]:
    """More processes of these services, ready, on any free port."""
    running: list[tuple[subprocess.Popen[bytes], Path]] = []
    with TemporaryDirectory(prefix="ispbills-bench-replicas-") as directory:
        try:
            for place, name in enumerate(names):
                log = Path(directory) / f"{place}.log"
                running.append((_serve(stack, name, log), log))
            async with asyncio.timeout(READY_SECONDS):
                for _process, log in running:
                    while not await _is_ready(log.read_text()):
                        await asyncio.sleep(0.2)
            yield
        finally:
            for process, _log in running:
                process.terminate()
            for process, _log in running:
                process.wait(timeout=60)


def _serve(stack: Stack, name: str, log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "cli.main", "serve", name, "--port", "0"]
    with log.open("wb") as file:
        return subprocess.Popen(command, env=stack.environment, stdout=file, stderr=file)


async def _is_ready(log: str) -> bool:
    said = re.search(r"running on (http://[0-9.]+:[0-9]+)", log)
    if said is None:
        return False
    async with httpx.AsyncClient(timeout=5) as client:
        return (await client.get(f"{said[1]}/health/ready")).status_code == 200
