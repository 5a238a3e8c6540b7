"""Two batches of the catalogue never wait for each other in a circle, whatever comes first in each."""

from __future__ import annotations

import asyncio

import asyncpg

from gateway.projection.app import create_service
from gateway.settings import ProjectorSettings
from shared.consumer import Consumer
from shared.contracts.catalog import BillingSettingsChanged
from tests.integration.gateway.harness import GatewayHarness, operator
from tests.integration.payments.harness import record
from tests.locks import is_waited_for
from tests.patience import until


async def test_a_batch_of_the_catalogue_takes_operators_first(
    harness: GatewayHarness, database_url: str
) -> None:
    settings = ProjectorSettings(database_url="unused", kafka_bootstrap_servers="127.0.0.1:9")
    catalog = next(each for each in create_service(settings).subscriptions if each.name == "catalog")
    changed = BillingSettingsChanged(
        time_zone="Asia/Dhaka", currency="BDT", due_days=14, billing_from="2026-01",
        link_valid_hours=336, default_vat_basis_points=500, version=2,
    )  # fmt: skip
    batch = [record(changed), record(operator("EAST", harness.root))]
    counting = await asyncpg.connect(database_url)
    await counting.execute("BEGIN; SELECT pg_advisory_xact_lock_shared(7326201)")
    handling = asyncio.create_task(Consumer("gateway", catalog, harness.pool).handle(batch))
    try:
        await until(lambda: is_waited_for(counting, "advisory"), "the batch waits for whoever counts bills")
        await counting.execute("SELECT FROM gateway.billing_settings FOR UPDATE NOWAIT")
    finally:
        await counting.close()
        handled = await handling
    assert handled == batch
    assert await harness.pool.fetchval("SELECT due_days FROM billing_settings") == 14
