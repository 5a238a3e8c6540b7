"""The whole road: a wish for an invoice goes over Kafka to invoicing, to documents, and ends in a file."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from services.invoicing.app import create_service
from services.invoicing.settings import Settings
from shared import blobs, clock
from shared.blobs import BlobSettings
from shared.contracts.documents import RenderInvoice
from shared.contracts.invoicing import InvoiceIssued
from shared.db import Pool
from shared.ids import new_id
from tests import patience
from tests.conftest import PoolFor, as_role
from tests.integration.documents.papers import CLERK
from tests.integration.invoicing.harness import InvoicingHarness
from tests.integration.invoicing.test_service import send

BILLS = 8
DHAKA = ZoneInfo("Asia/Dhaka")
ENDS = "SELECT payload::jsonb FROM command_end WHERE type = 'document.rendered.v1'"


@asynccontextmanager
async def documents(url: str, kafka: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The service as a process of its own; killed, if it was not before, when the context ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from services.documents.app import run; run(0)",
        env=os.environ | {
            "DOCUMENTS_DATABASE_URL": url,
            "DOCUMENTS_BLOB_DIR": str(folder),
            "DOCUMENTS_RENDER_PROCESSES": "1",
            "KAFKA_BOOTSTRAP_SERVERS": kafka,
        },
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def rendered(pool: Pool, at_least: int) -> list[dict[str, str]]:
    async with asyncio.timeout(patience.SECONDS):
        while len(rows := await pool.fetch(ENDS)) < at_least:
            await asyncio.sleep(0.1)
    return [row["payload"] for row in rows]


async def test_a_service_killed_in_the_middle_of_a_bulk_action_makes_every_file_once(
    pool_for: PoolFor, database_url: str, kafka: str, tmp_path: Path
) -> None:
    harness = InvoicingHarness(await pool_for("invoicing"))
    await harness.furnish()
    for number in range(BILLS):
        await harness.ask(harness.customer(f"C-{number}"))
    await harness.bill(f"{clock.now().astimezone(DHAKA):%Y-%m}")
    invoices = await harness.said_of(InvoiceIssued)
    action = new_id()
    wanted = [
        RenderInvoice(
            actor=CLERK,
            invoice_id=each.invoice_id,
            customer_id=each.customer_id,
            document_id=new_id(),
            bulk_action_id=action,
            position=position,
        )
        for position, each in enumerate(invoices)
    ]
    pool = await pool_for("documents")
    url = as_role(database_url, "documents")
    settings = Settings(database_url=as_role(database_url, "invoicing"), kafka_bootstrap_servers=kafka)
    async with create_service(settings).running():
        await send(kafka, *wanted)
        async with documents(url, kafka, tmp_path) as process:
            await rendered(pool, 1)
            process.send_signal(signal.SIGKILL)
            await process.wait()
        assert await pool.fetchval("SELECT count(*) FROM rendering") > 0
        async with documents(url, kafka, tmp_path):
            ends = await rendered(pool, BILLS)
    assert sorted(UUID(end["document_id"]) for end in ends) == sorted(each.document_id for each in wanted)  # type: ignore[type-var]
    store = blobs.open_store(BlobSettings(blob_dir=str(tmp_path)))
    for end in ends:
        content = await blobs.get(store, end["blob_key"])
        assert content.startswith(b"%PDF-")
        assert len(content) == int(end["size_bytes"])
    assert await pool.fetchval("SELECT count(*) FROM dead_letter") == 0
