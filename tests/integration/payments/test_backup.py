"""Payments is brought back from a backup by the command line; what came since, Kafka tells it again."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from services.payments.app import create_service
from services.payments.settings import Settings
from shared.contracts.topics import partner_topics
from shared.kafka import Kafka
from shared.sealing import public_key_of
from shared.service import Service
from shared.topics import create_topics
from tests.conftest import PoolFor, as_role
from tests.integration.payments.harness import PaymentsHarness
from tests.integration.plumbing.road import send_raw
from tests.integration.restoring import Installation
from tests.keys import KEYS
from tests.patience import until_equal

KNOWN = """
SELECT count(*) || ' payments, ' || coalesce(sum(amount_minor), 0) || ' received, '
       || (SELECT coalesce(sum(paid_minor), 0) FROM receivable) || ' on bills, '
       || (SELECT coalesce(sum(credit_minor), 0) FROM account) || ' of credit'
  FROM payment
"""


@dataclass(frozen=True)
class Payments(Installation):
    """Payments on a database of its own, the roads into it, and the command line beside it."""

    harness: PaymentsHarness

    def service(self) -> Service:
        settings = Settings(
            database_url=as_role(self.database_url, "payments"),
            kafka_bootstrap_servers=self.kafka,
            public_url="http://127.0.0.1",
            gateway_public_url="http://127.0.0.1",
            sealing_key=KEYS["payments"],
            link_key="of this test",
            notifications_sealing_public_key=public_key_of(KEYS["notifications"]),
        )
        return create_service(settings)

    async def partner_says(self, code: str, amount_minor: int) -> None:
        event = {
            "payment_id": uuid.uuid4().hex,
            "amount_minor": amount_minor,
            "currency": "BDT",
            "paid_at": "2026-01-02T10:00:00Z",
            "customer_code": code,
        }
        headers = [("ce_id", b"e"), ("ce_type", b"payment.received.v1")]
        await send_raw(self.kafka, "partner.paywell.payments", [(json.dumps(event).encode(), headers)])

    async def known(self) -> str:
        """What payments knows, in one line."""
        owner = await asyncpg.connect(self.database_url, server_settings={"search_path": "payments"})
        try:
            return str(await owner.fetchval(KNOWN))
        finally:
            await owner.close()

    async def until(self, expected: str) -> None:
        await until_equal(expected, self.known)


@pytest.fixture
async def installation(database_url: str, kafka: str, pool_for: PoolFor, tmp_path: Path) -> Payments:
    harness = PaymentsHarness(await pool_for("payments"), kafka)
    await harness.furnish()
    await create_topics(Kafka(kafka), partner_topics("paywell"))
    await harness.partner("paywell", harness.north)
    installation = Payments(database_url, kafka, tmp_path, harness)
    await installation.hears_from_now_on(installation.service())
    return installation


async def test_what_came_after_the_backup_is_heard_again(installation: Payments) -> None:
    harness = installation.harness
    rahim = await harness.customer("C-1")
    await harness.billed(rahim)
    karim = await harness.customer("C-2")
    await harness.billed(karim)
    async with installation.service().running():
        await installation.ask(harness.pays(rahim, 5_000))
        await installation.until("1 payments, 5000 received, 5000 on bills, 0 of credit")
        file = await installation.backed_up("payments")
        await installation.ask(harness.pays(rahim, 100_000))
        await installation.ask(harness.pays(karim, 7_000))
        await installation.partner_says("C-2", 200_000)
        everything = "4 payments, 312000 received, 210000 on bills, 102000 of credit"
        await installation.until(everything)
        busy = await installation.ispbills("restore", file)
        assert (busy.returncode, "stop payments first" in busy.stderr) == (1, True)
    await harness.pool.close()
    await installation.restored(file)
    async with installation.service().running():
        await installation.until(everything)
