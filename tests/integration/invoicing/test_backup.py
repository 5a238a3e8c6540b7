"""Invoicing is not brought back alone: what it has issued since is known to others, its numbers are out."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from cli.audit.promises import Broken, look, reading
from devstack.postgres import binaries
from shared.contracts.catalog import CustomerChanged, OperatorChanged
from shared.contracts.invoicing import InvoiceIssued
from tests.conftest import PoolFor
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.installation import billing_settings
from tests.integration.invoicing.harness import InvoicingHarness, apart
from tests.integration.payments.harness import PaymentsHarness
from tests.integration.restoring import Installation

Hear = Callable[[], Awaitable[None]]


@pytest.fixture
def installation(database_url: str, kafka: str, tmp_path: Path) -> Installation:
    return Installation(database_url, kafka, tmp_path)


@pytest.fixture
async def others_hear(harness: InvoicingHarness, pool_for: PoolFor) -> Hear:
    """Have payments and the gateway's view hear what invoicing has said."""
    payments = PaymentsHarness(await pool_for("payments"))
    view = GatewayHarness(await pool_for("projector"))
    await payments.hear(billing_settings())
    await view.say(billing_settings())

    async def hear() -> None:
        for message in [each for heard in await harness.said() for each in apart(heard.message)]:
            await view.say(message)
            if isinstance(message, OperatorChanged | CustomerChanged | InvoiceIssued):
                await payments.hear(message)

    return hear


async def by_hand(database_url: str, file: str) -> None:
    """Put the schema back as one could who does not ask the command line."""
    owner = await asyncpg.connect(database_url)
    await owner.execute("DROP SCHEMA invoicing CASCADE")
    await owner.close()
    program = [str(binaries() / "pg_restore"), "--no-acl", f"--dbname={database_url}", file]
    await asyncio.to_thread(subprocess.run, program, check=True)


async def audited(database_url: str) -> set[Broken]:
    async with reading(database_url) as connection:
        return {each for each in await look(connection) if "outbox" not in each.promise}


async def test_it_is_not_restored_alone(installation: Installation) -> None:
    refused = await installation.ispbills("restore", await installation.backed_up("invoicing"))
    assert (refused.returncode, "its numbers are out" in refused.stderr) == (1, True)


async def test_brought_back_alone_by_hand_the_audit_names_each_invoice_that_is_lost(
    harness: InvoicingHarness, installation: Installation, others_hear: Hear, pool_for: PoolFor
) -> None:
    await harness.ask(harness.customer("C-1"))
    await harness.bill("2026-12")
    file = await installation.backed_up("invoicing")
    await harness.ask(harness.customer("C-2"))
    await harness.bill("2026-12")
    await others_hear()
    assert await audited(installation.database_url) == set()
    _, lost = await harness.said_of(InvoiceIssued)
    await harness.pool.close()

    await by_hand(installation.database_url, file)

    broken = {each for each in await audited(installation.database_url) if each.id == str(lost.invoice_id)}
    assert {each.promise for each in broken} == {"an-invoice-is-owed", "an-invoice-shows-as-a-bill"}
    assert any(lost.number in each.found for each in broken)
    migrated = await installation.ispbills("migrate")
    assert migrated.returncode == 0, migrated.stderr
    restored = InvoicingHarness(await pool_for("invoicing"))
    restored.north, restored.package = harness.north, harness.package
    await restored.ask(restored.customer("C-3"))
    await restored.bill("2026-12")
    issued_twice = await restored.pool.fetchval("SELECT id FROM invoice WHERE number = $1", lost.number)
    assert issued_twice not in (None, lost.invoice_id), "another customer has the number now"
