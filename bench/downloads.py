"""Bulk downloads: from the click to the last byte of the ZIP, and what every process needs meanwhile."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
import zipfile
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import Any

import httpx
import psutil

from bench import catalog, month
from bench.figures import Row
from bench.stack import Stack

MEGABYTE = 1024 * 1024
WATCHED = ("gateway", "documents")
RENDERING = "rendering"
LOOK_SECONDS = 0.2
BILLS_A_PAGE = 200


@dataclass
class _Watch:
    """The most memory that each process was seen with, by its name."""

    processes: dict[str, psutil.Process]
    peaks: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    async def look(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            for name, process in self.processes.items():
                self._note(name, process)
            for child in self.processes["documents"].children():
                self._note(RENDERING, child)
            await asyncio.sleep(LOOK_SECONDS)

    def _note(self, name: str, process: psutil.Process) -> None:
        with suppress(psutil.NoSuchProcess):
            self.peaks[name] = max(self.peaks[name], process.memory_info().rss)

    def said(self) -> str:
        """`gateway 120, documents 90, rendering 140 MB`."""
        names = (*WATCHED, RENDERING)
        return ", ".join(f"{name} {self.peaks[name] / MEGABYTE:,.0f}" for name in names) + " MB"


async def measure(stack: Stack, bills: int) -> AsyncIterator[Row]:
    """ZIPs of a hundredth of the bills, of a tenth, of all; each of invoices that nobody asked for before."""
    periods = (month.FIRST, month.SECOND, month.THIRD)
    async with stack.client() as client:
        await catalog.open_shop(client, month.FIRST)
        await catalog.add_customers(client, 0, bills)
        for period in periods:
            await month.run(client, period, bills)
        sizes = (max(bills // 100, 10), max(bills // 10, 10), bills)
        for period, size in zip(periods, sizes, strict=True):
            yield await _zip(stack, client, period, size)


async def _zip(stack: Stack, client: httpx.AsyncClient, period: str, bills: int) -> Row:
    selection = {"bill_ids": await _some(client, period, bills)}
    watch = _Watch(_processes(stack))
    watching = asyncio.create_task(watch.look())
    try:
        first, took = await _downloaded(client, selection, bills)
    finally:
        watching.cancel()
    return Row(
        f"ZIP of {bills:,} invoices, click to last byte",
        f"{bills / took:,.1f} documents/s, first byte after {first:.1f} s; at most {watch.said()}",
        "first byte ≤ 2 s, memory flat",
        reached=first <= 2,
    )


async def _some(client: httpx.AsyncClient, period: str, wanted: int) -> list[str]:
    ids: list[str] = []
    query: dict[str, Any] = {"period": period, "limit": min(BILLS_A_PAGE, wanted)}
    while len(ids) < wanted:
        page = (await client.get("/bills", params=query)).raise_for_status().json()
        ids += [bill["id"] for bill in page["items"]]
        query["cursor"] = page["next_cursor"]
    return ids[:wanted]


def _processes(stack: Stack) -> dict[str, psutil.Process]:
    pids = json.loads(stack.command("status", "--json"))["processes"]
    return {name: psutil.Process(pids[name]) for name in WATCHED}


async def _downloaded(
    client: httpx.AsyncClient, selection: dict[str, Any], bills: int
) -> tuple[float, float]:
    """Seconds to the first byte and to the last; the ZIP is opened and counted."""
    started = time.perf_counter()
    body = {"action": "download_pdf", "selection": selection, "parameters": {}}
    answer = await client.post("/bulk-actions", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert answer.status_code == 202, answer.text
    address = f"/bulk-actions/{answer.json()['id']}/download"
    first = 0.0
    with TemporaryFile(prefix="ispbills-bench-zip-") as file:
        async with client.stream("GET", address, timeout=None) as parts:
            parts.raise_for_status()
            async for part in parts.aiter_bytes():
                first = first or time.perf_counter() - started
                file.write(part)
        took = time.perf_counter() - started
        names = zipfile.ZipFile(file).namelist()
    assert sum(name.endswith(".pdf") for name in names) == bills, names[-1]
    return first, took
