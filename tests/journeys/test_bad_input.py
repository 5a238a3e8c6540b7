"""Records and files that are wrong: each is parked or refused by itself, and its neighbours are handled."""

from __future__ import annotations

import asyncio
import json
import uuid

import pytest
from confluent_kafka import Producer

from cli.audit import settling
from shared.contracts.topics import TOPICS
from shared.kafka import Kafka
from tests import patience
from tests.journeys.conftest import PARTNER
from tests.journeys.stack import Body, Office, Record, Stack, cloud_event, consume, produce
from tests.patience import until

POISON: list[Record] = [
    (None, []),
    (b"", [("ce_type", b"payment.record.v1")]),
    (b"\xff\xfe no text", [("ce_type", b"\xff")]),
    (b"not json", [("ce_type", b"payment.record.v1"), ("ce_id", b"no-uuid")]),
    (b"[]", [("ce_type", None)]),
    (b'{"amount_minor": 1e400}', [(name, value) for name, value in cloud_event({}, "payment.record.v1")[1]]),
    (b"{}", [(name, value) for name, value in cloud_event({}, "invoice.issued.v1")[1]]),
    (b"{}", [(name, value) for name, value in cloud_event({}, "nobody.knows.v1")[1]]),
]


async def letters(stack: Stack, topic: str) -> list[Body]:
    said = await asyncio.to_thread(stack.ispbills, "dead-letters", "list", "--json")
    return [each for each in json.loads(said) if each["topic"] == topic]


async def no_lag(stack: Stack) -> None:
    async with asyncio.timeout(patience.SECONDS):
        await settling.readers_reach_the_end(Kafka(stack.addresses["kafka_bootstrap_servers"]))


async def test_poison_in_every_topic_is_parked_alone_and_leaves_no_lag(
    stack: Stack, office: Office, period: str
) -> None:
    for each in TOPICS:
        await produce(stack, each.name, POISON)
    await no_lag(stack)
    run = await office.run(period)
    assert run["failed"] == 0
    bill = (await office.open_bills(period))[0]
    assert (await office.done(await office.pay(bill)))["allocated_minor"] == bill["total_minor"]
    for topic in ("invoicing.commands", "payments.commands", "invoicing.invoices"):
        assert await until(lambda topic=topic: letters(stack, topic), f"letters of {topic}")  # type: ignore[misc]


async def test_a_partner_who_sends_rubbish_is_answered_where_it_can_be_read(
    stack: Stack, office: Office
) -> None:
    good = {
        "payment_id": uuid.uuid4().hex,
        "amount_minor": 500,
        "currency": "BDT",
        "paid_at": "2026-01-02T10:00:00Z",
        "customer_code": "C-1",
    }
    wrong = [
        {**good, "amount_minor": 0},
        {**good, "amount_minor": 12.5},
        {**good, "invoice_number": "OP1-000001"},
        {name: each for name, each in good.items() if name != "customer_code"},
        {name: each for name, each in good.items() if name != "currency"},
    ]
    held = [{**good, "currency": "USD"}, {**good, "customer_code": "NOBODY"}]
    sent = [{**each, "payment_id": uuid.uuid4().hex} for each in (*wrong, *held)]
    topic = f"partner.{PARTNER}.payments"
    places = await produce(
        stack, topic, [*POISON[:5], *(cloud_event(each) for each in sent), cloud_event(good)]
    )

    async def answered() -> dict[str, str] | None:
        receipts = await consume(stack, f"partner.{PARTNER}.receipts")
        found = {each["payment_id"]: each["outcome"] for each in receipts}
        return found if {str(each["payment_id"]) for each in (good, *sent)} <= set(found) else None

    # Receipts are on several partitions: the last payment's may be there before the others'.
    outcomes = await until(answered, "every receipt")
    assert outcomes[str(good["payment_id"])] == "recorded"
    assert [outcomes[str(each["payment_id"])] for each in sent] == ["rejected"] * 5 + ["held"] * 2
    parked = {(each["partition"], each["offset"]) for each in await letters(stack, topic)}
    assert parked == set(places[:5])
    await no_lag(stack)


def sent(stack: Stack, topic: str, value: bytes | None, key: bytes | None) -> tuple[int, int]:
    """Write a record as librdkafka does, also one without key and value; where it lies."""
    places: list[tuple[int, int]] = []
    producer = Producer({"bootstrap.servers": stack.addresses["kafka_bootstrap_servers"]})
    producer.produce(
        topic,
        value=value,
        key=key,
        headers=[("ce_type", b"nobody.knows.v1")],
        on_delivery=lambda _error, record: places.append((record.partition(), record.offset())),
    )
    producer.flush()
    return places[0]


@pytest.mark.parametrize(("value", "key"), [(b"not json", b"k"), (None, None)])
async def test_a_dead_letter_is_sent_again_once_and_comes_back_as_a_new_one(
    stack: Stack, office: Office, value: bytes | None, key: bytes | None
) -> None:
    topic = f"partner.{PARTNER}.payments"
    partition, offset = await asyncio.to_thread(sent, stack, topic, value, key)

    async def letters_from_here() -> list[Body]:
        found = await letters(stack, topic)
        return [each for each in found if each["partition"] == partition and each["offset"] >= offset]

    first = (await until(letters_from_here, "a letter"))[0]
    assert first["offset"] == offset
    for _ in range(2):
        await asyncio.to_thread(stack.ispbills, "dead-letters", "redrive", first["id"])
    again = (await until(letters_from_here, "a new letter"))[0]
    assert (again["id"] == first["id"], again["offset"] > offset) == (False, True)
    assert first["id"] not in {each["id"] for each in await letters(stack, topic)}
