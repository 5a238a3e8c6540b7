"""The same command twice: answered twice, in the same words, with one effect."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from devstack.simulators.sms import SmsSimulator
from services.documents import workers as of_documents
from services.documents.rendering.pool import Pool as Processes
from services.invoicing import workers as of_invoicing
from services.notifications import workers as of_notifications
from services.payments import workers as of_payments
from services.payments.providers import Outside
from services.payments.senders import GatewayChecker, Tills
from shared import blobs, clock
from shared.blobs import BlobSettings
from shared.contracts.envelope import Command, Envelope, Message, Received
from shared.db import Pool, in_transaction
from shared.ids import new_id
from shared.kafka import Kafka
from tests.conftest import PoolFor
from tests.integration.commands.examples import (
    COMMANDS,
    DOCUMENTS,
    EVERYWHERE,
    EXAMPLES,
    HEARD,
    INVOICING,
    NOTIFICATIONS,
    PAYMENTS,
)
from tests.integration.documents.harness import DocumentsHarness
from tests.integration.invoicing.harness import InvoicingHarness
from tests.integration.notifications.harness import NotificationsHarness
from tests.integration.payments.harness import OFFICE, PaymentsHarness

TILLS = Tills(OFFICE, Outside(httpx.AsyncClient(), "http://pay.test/sandbox/pay"))
# What a second delivery may write: that it was seen, and the answer once more.
ROAD = ("outbox", "inbox", "relay_lease", "schema_migration")
PAIRS = sorted(HEARD, key=lambda pair: (pair[0], pair[1].type))
STRANGER = UUID("00000000-0000-7000-8000-00000000dead")


def test_every_command_of_the_contracts_is_heard_and_has_an_example() -> None:
    assert {kind for _, kind in HEARD} == set(COMMANDS)
    assert set(HEARD) == EXAMPLES


class Room:
    """One service's schema, and the handler of one command."""

    def __init__(
        self, service: str, kind: type[Message], pool: Pool, kafka: str, documents: DocumentsHarness
    ) -> None:
        self.service, self.pool, self.kafka, self.documents = service, pool, kafka, documents
        self.notifications = NotificationsHarness(pool, SmsSimulator(), "http://127.0.0.1:9")
        self.handle = HEARD[service, kind]

    async def example(self, kind: type[Message]) -> Command:
        if kind in EVERYWHERE:
            return await EVERYWHERE[kind](self.pool, self.service)
        if self.service == "invoicing":
            invoicing = InvoicingHarness(self.pool)
            await invoicing.furnish()
            return await INVOICING[kind](invoicing)
        if self.service == "payments":
            payments = PaymentsHarness(self.pool)
            await payments.furnish()
            return await PAYMENTS[kind](payments)
        if self.service == "documents":
            await self.documents.furnish()
            return await DOCUMENTS[kind](self.documents)
        await self.notifications.furnish()
        await self.notifications.configure("sandbox")
        return await NOTIFICATIONS[kind](self.notifications)

    async def hear(self, command: Command, id: UUID) -> None:
        """Deliver the command, and let the workers carry out what it leaves to them."""
        envelope = Envelope(id=id, type=command.type, source="test", time=datetime.now(UTC))
        async with in_transaction(self.pool) as tx:
            await self.handle([Received(command, envelope, command.destination(), 0, 0)], tx)
        for _ in range(4):
            await self.pool.execute("DELETE FROM outbox WHERE causation_id IS NULL")
            await self._work()

    async def _work(self) -> None:
        if self.service == "invoicing":
            await of_invoicing.settle_parked_voids(self.pool)
            await of_invoicing.republish(self.pool)
        elif self.service == "payments":
            await of_payments.settle_waiting(OFFICE)(self.pool)
            await GatewayChecker(TILLS).step(self.pool)
            await of_payments.make_partner_topics(Kafka(self.kafka))(self.pool)
            await of_payments.republish(self.pool)
        elif self.service == "documents":
            await self.documents.work()
            await of_documents.end_republishes(self.pool)
        elif self.service == "notifications":
            await self.notifications.work()
            await of_notifications.republish(self.pool)

    async def ends(self, id: UUID) -> list[tuple[Any, ...]]:
        rows = await self.pool.fetch(
            "SELECT message_id, topic, key, type, payload, lane FROM outbox WHERE causation_id = $1", id
        )
        return [tuple(row) for row in rows]

    async def effects(self) -> dict[str, str]:
        """A fingerprint of every table, less the road's own."""
        names = await self.pool.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> ALL ($2)",
            self.service, ROAD,
        )  # fmt: skip
        return {
            name: await self.pool.fetchval(
                f"SELECT coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM {name} AS t"
            )
            for (name,) in names
        }


@pytest.mark.parametrize("scope", [None, STRANGER], ids=["within reach", "out of reach"])
@pytest.mark.parametrize(
    ("service", "kind"), PAIRS, ids=[f"{service} {kind.type}" for service, kind in PAIRS]
)
async def test_a_command_that_comes_twice_is_answered_twice_with_one_effect(
    service: str,
    kind: type[Message],
    scope: UUID | None,
    pool_for: PoolFor,
    kafka: str,
    tmp_path: Path,
    processes: Processes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offset = datetime(2026, 12, 14, 6, tzinfo=UTC) - datetime.now(UTC)
    monkeypatch.setattr(clock, "_offset", lambda: offset)
    monkeypatch.setenv("ISPBILLS_ENVIRONMENT", "development")
    pool = await pool_for(service)
    store = blobs.open_store(BlobSettings(blob_dir=str(tmp_path)))
    room = Room(service, kind, pool, kafka, DocumentsHarness(pool, store, processes))
    command, id = (await room.example(kind)).model_copy(update={"scope": scope}), new_id()
    await room.hear(command, id)
    (end,) = await room.ends(id)
    effects = await room.effects()
    await room.hear(command, id)
    assert await room.ends(id) == [end, end]
    assert await room.effects() == effects


async def test_a_command_under_way_is_answered_when_it_ends_and_not_before(
    pool_for: PoolFor, kafka: str
) -> None:
    pool = await pool_for("payments")
    harness = PaymentsHarness(pool)
    await harness.furnish()
    payer = await harness.customer("C-1")
    bill = harness.bill(payer, 1_000)
    command, id = harness.pays(payer, 1_000, bill.invoice_id), new_id()
    assert await harness.tell(command, ids=[id]) == []
    assert await harness.tell(command, ids=[id]) == []
    await harness.tell(bill)
    await of_payments.settle_waiting(OFFICE)(pool)
    assert [each.causation_id for each in await harness.said()].count(id) == 1
