"""Payments is brought back from a backup by the command line; what came since, Kafka tells it again."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import uuid
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from services.payments.app import create_service
from services.payments.settings import Settings
from shared.contracts.envelope import Message
from shared.contracts.topics import partner_topics
from shared.ids import new_id
from shared.kafka import Kafka
from shared.sealing import public_key_of
from shared.service import Service
from shared.topics import create_topics
from tests.conftest import PoolFor, as_role
from tests.integration.payments.harness import PaymentsHarness
from tests.integration.plumbing.road import send_raw
from tests.keys import KEYS
from tests.patience import until

ROOT = Path(__file__).resolve().parents[3]
KNOWN = """
SELECT count(*) || ' payments, ' || coalesce(sum(amount_minor), 0) || ' received, '
       || (SELECT coalesce(sum(paid_minor), 0) FROM receivable) || ' on bills, '
       || (SELECT coalesce(sum(credit_minor), 0) FROM account) || ' of credit'
  FROM payment
"""


class Installation:
    """Payments on a database of its own, the roads into it, and the command line beside it."""

    def __init__(self, database_url: str, kafka: str, harness: PaymentsHarness, state_dir: Path) -> None:
        self.database_url, self.kafka, self.harness = database_url, kafka, harness
        self.state_dir = state_dir

    def at_work(self) -> AbstractAsyncContextManager[Any]:
        settings = Settings(
            database_url=as_role(self.database_url, "payments"),
            kafka_bootstrap_servers=self.kafka,
            public_url="http://127.0.0.1",
            gateway_public_url="http://127.0.0.1",
            sealing_key=KEYS["payments"],
            link_key="of this test",
            notifications_sealing_public_key=public_key_of(KEYS["notifications"]),
        )
        service: Service = create_service(settings)
        return service.running()

    async def ask(self, command: Message) -> None:
        headers = [("ce_id", str(new_id()).encode()), ("ce_type", command.type.encode())]
        await send_raw(self.kafka, command.destination(), [(command.model_dump_json().encode(), headers)])

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
        async def holds() -> bool:
            return await self.known() == expected

        await until(holds, f"{expected}; there is {await self.known()}")

    async def ispbills(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        # A stack of this machine's own would lend the command line its passwords.
        told = {
            "DATABASE_URL": self.database_url,
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "ISPBILLS_STATE_DIR": str(self.state_dir),
        }
        command = [sys.executable, "-m", "cli.main", *arguments]
        return await asyncio.to_thread(
            subprocess.run, command, cwd=ROOT, env=os.environ | told, capture_output=True, text=True
        )


@pytest.fixture
async def installation(database_url: str, kafka: str, pool_for: PoolFor, tmp_path: Path) -> Installation:
    harness = PaymentsHarness(await pool_for("payments"), kafka)
    await harness.furnish()
    await create_topics(Kafka(kafka), partner_topics("paywell"))
    await harness.partner("paywell", harness.north)
    return Installation(database_url, kafka, harness, tmp_path / "state")


async def test_what_came_after_the_backup_is_heard_again(installation: Installation, tmp_path: Path) -> None:
    harness = installation.harness
    rahim = await harness.customer("C-1")
    await harness.billed(rahim)
    karim = await harness.customer("C-2")
    await harness.billed(karim)
    async with installation.at_work():
        await installation.ask(harness.pays(rahim, 5_000))
        await installation.until("1 payments, 5000 received, 5000 on bills, 0 of credit")
        said = await installation.ispbills("backup", "payments", "--to", str(tmp_path))
        assert said.returncode == 0, said.stderr
        await installation.ask(harness.pays(rahim, 100_000))
        await installation.ask(harness.pays(karim, 7_000))
        await installation.partner_says("C-2", 200_000)
        everything = "4 payments, 312000 received, 210000 on bills, 102000 of credit"
        await installation.until(everything)
        busy = await installation.ispbills("restore", said.stdout.strip())
        assert (busy.returncode, "stop payments first" in busy.stderr) == (1, True)
    await harness.pool.close()
    restored = await installation.ispbills("restore", said.stdout.strip())
    assert restored.returncode == 0, restored.stderr
    assert "payments is as it was" in restored.stdout
    async with installation.at_work():
        await installation.until(everything)


async def test_invoicing_is_not_restored_alone(installation: Installation, tmp_path: Path) -> None:
    said = await installation.ispbills("backup", "invoicing", "--to", str(tmp_path))
    assert said.returncode == 0, said.stderr
    refused = await installation.ispbills("restore", said.stdout.strip())
    assert (refused.returncode, "its numbers are out" in refused.stderr) == (1, True)
