"""The road into invoicing: poison is parked alone and redelivery is harmless."""

from __future__ import annotations

import json
from typing import Any

from services.invoicing.app import create_service
from services.invoicing.settings import Settings
from shared.consumer import Consumer
from shared.contracts.catalog import CustomerChanged
from shared.contracts.envelope import CommandRefused
from shared.ids import new_id
from tests.integration.invoicing.harness import InvoicingHarness, raw_record, record


def consumer(harness: InvoicingHarness, name: str = "commands") -> Consumer:
    settings = Settings(database_url="unused", kafka_bootstrap_servers="unused")
    service = create_service(settings)
    [subscription] = [each for each in service.subscriptions if each.name == name]
    return Consumer("invoicing", subscription, harness.pool)


async def test_poison_is_parked_and_answered_and_its_neighbours_are_handled(
    harness: InvoicingHarness,
) -> None:
    poison = new_id()
    good = [harness.customer(f"C-{n}") for n in range(3)]
    broken = good[0].model_dump(mode="json") | {"since": "yesterday"}
    await consumer(harness).handle(
        [
            record(good[0], 0),
            raw_record(b'{"half":', "customer.create.v1", 1, new_id()),
            record(good[1], 2),
            raw_record(_json(broken), "customer.create.v1", 3, poison),
            raw_record(None, "customer.create.v1", 4, new_id()),
            raw_record(b"{}", "customer.unheard-of.v1", 5, new_id()),
            record(good[2], 6),
        ]
    )
    assert {each.code for each in await harness.said_of(CustomerChanged)} == {"C-0", "C-1", "C-2"}
    letters = await harness.pool.fetch('SELECT "offset" FROM dead_letter ORDER BY 1')
    assert [letter["offset"] for letter in letters] == [1, 3, 4]
    [refused] = [each.message for each in await harness.said() if each.causation_id == poison]
    assert isinstance(refused, CommandRefused)
    assert refused.code == "internal"


async def test_a_batch_delivered_twice_changes_nothing_and_is_answered_as_before(
    harness: InvoicingHarness,
) -> None:
    await harness.ask(known := harness.customer("C-0"))
    batch = [
        record(harness.customer("C-1"), 0),
        record(known, 1),
        record(harness.customer("C-1"), 2),
        record(harness.start("2026-12"), 3),
        record(harness.start("2027-12"), 4),
    ]
    commands = consumer(harness)
    await commands.handle(batch)
    said = await harness.said()
    await commands.handle(batch)
    await commands.handle(batch[1:3])
    assert all(each in said for each in await harness.said())


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
