"""Partners with clients of their own: every codec, transactions, odd times and headers, side by side."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from confluent_kafka import Producer, ThrottleEvent

from tests import patience
from tests.journeys.conftest import PARTNER
from tests.journeys.stack import Body, Office, Stack, cloud_event, consume, produce, value
from tests.journeys.test_bad_input import letters
from tests.patience import until

CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
SET_ASIDE = "SELECT count(*) FROM payments.partition_set_aside"
ODD_TIMES = (
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59",
    "1969-12-31T23:59:59Z",
    1_767_607_200,
    "1767607200",
    None,
    "yesterday",
    (datetime.now(UTC) + timedelta(hours=30)).isoformat(),
)
ODD_HEADERS: list[tuple[str, bytes | None]] = [
    ("nul\x00in-a-name", b"\x00"), ("", b""), ("no-text", b"\xff\xfe"), ("null", None), ("টাকা", b"x" * 1_000),
]  # fmt: skip


def payment(paid_at: Any = "2026-01-02T10:00:00Z") -> Body:
    return {
        "payment_id": uuid.uuid4().hex, "amount_minor": 100, "currency": "BDT", "paid_at": paid_at,
        "customer_code": "C-1",
    }  # fmt: skip


def send(producer: Producer, topic: str, payments: list[Body]) -> None:
    for number, each in enumerate(payments):
        body, headers = cloud_event(each)
        odd = ODD_HEADERS if number % 2 else []
        producer.produce(topic, value=body, key=b"k", headers=[*headers, *odd])


def client(stack: Stack, **settings: Any) -> Producer:
    servers = stack.addresses["kafka_bootstrap_servers"]
    return Producer({"bootstrap.servers": servers, "linger.ms": 50, **settings})


def send_in_every_codec(stack: Stack, topic: str) -> list[Body]:
    """Forty good payments in each codec."""
    sent: list[Body] = []
    for codec in CODECS:
        producer, good = client(stack, **{"compression.type": codec}), [payment() for _ in range(40)]
        send(producer, topic, good)
        producer.flush()
        sent += good
    return sent


def send_in_transactions(stack: Stack, topic: str) -> tuple[list[Body], list[Body], Producer]:
    """What was committed, what was not, and who holds a transaction open."""
    producer = client(stack, **{"transactional.id": uuid.uuid4().hex, "compression.type": "zstd"})
    producer.init_transactions()
    committed, aborted = [payment() for _ in range(20)], [payment() for _ in range(20)]
    producer.begin_transaction()
    send(producer, topic, committed)
    producer.commit_transaction()
    producer.begin_transaction()
    send(producer, topic, aborted)
    producer.flush()
    producer.abort_transaction()
    opened = client(stack, **{"transactional.id": uuid.uuid4().hex})
    opened.init_transactions()
    opened.begin_transaction()
    waiting = [payment()]
    send(opened, topic, waiting)
    opened.flush()
    return committed, [*aborted, *waiting], opened


async def test_other_peoples_clients_lose_nothing_and_disturb_nobody(stack: Stack, office: Office) -> None:
    aside = await value(stack, SET_ASIDE)
    other = f"other-{uuid.uuid4().hex[:8]}"
    await asyncio.to_thread(stack.ispbills, "partners", "add", other, "--operator", "ISP")
    topic, others_topic = f"partner.{PARTNER}.payments", f"partner.{other}.payments"
    good = await asyncio.to_thread(send_in_every_codec, stack, topic)
    odd = [payment(time) for time in ODD_TIMES]
    strewn = [payment() for _ in range(40)]
    for position, each in enumerate(odd):
        strewn.insert(5 * position, each)
    await asyncio.to_thread(send_now, stack, topic, strewn)
    good += [each for each in strewn if each not in odd]
    poison = [(b"not json \x00", [*ODD_HEADERS, ("ce_type", b"nobody.knows")])]
    places = await produce(stack, topic, poison)
    # librdkafka ends a header's name at a NUL; others do not.
    nul = payment()
    body, headers = cloud_event(nul)
    await produce(stack, topic, [(body, [*headers, *ODD_HEADERS])])
    good.append(nul)
    committed, not_committed, opened = await asyncio.to_thread(send_in_transactions, stack, topic)
    unaware = [payment() for _ in range(40)]
    await produce(stack, others_topic, [cloud_event(each) for each in unaware])

    assert await outcomes(stack, other, unaware) == ["recorded"] * 40
    assert await outcomes(stack, PARTNER, good + committed) == ["recorded"] * (len(good) + 20)
    assert await outcomes(stack, PARTNER, odd) == ["rejected"] * len(odd)
    ids = [each["payment_id"] for each in good + committed + unaware]
    counted = "SELECT count(*) FROM payments.payment WHERE external_id = ANY($1)"
    assert await value(stack, counted, ids) == len(ids)
    assert await value(stack, counted, [each["payment_id"] for each in not_committed]) == 0
    found = {(each["partition"], each["offset"]) for each in await letters(stack, topic)}
    assert set(places) <= found
    await asyncio.to_thread(opened.abort_transaction)
    assert await value(stack, SET_ASIDE) == aside, "no partition stood for a moment"


def send_now(stack: Stack, topic: str, payments: list[Body]) -> None:
    producer = client(stack)
    send(producer, topic, payments)
    producer.flush()


async def outcomes(stack: Stack, partner: str, payments: list[Body]) -> list[str]:
    """The receipts of these payments, each answered once."""
    ids = [each["payment_id"] for each in payments]

    async def answered() -> list[str] | None:
        receipts = [
            each for each in await consume(stack, f"partner.{partner}.receipts") if each["payment_id"] in ids
        ]
        return [each["outcome"] for each in receipts] if len(receipts) >= len(ids) else None

    return await until(answered, f"{len(ids)} receipts of {partner}")


SLOW_BYTES_A_SECOND = 5_000
# Kafka looks at the last eleven seconds: more than they allow has to come at once.
MORE_THAN_ALLOWED = 300


def login(stack: Stack, partner: str) -> Body:
    """Let a partner in; how its engineer configures librdkafka."""
    facts: Body = json.loads(stack.ispbills("partners", "add", partner, "--operator", "ISP", "--json"))
    return {
        "bootstrap.servers": facts["bootstrap_servers"],
        "security.protocol": facts["security_protocol"],
        "sasl.mechanism": facts["sasl_mechanism"],
        "sasl.username": facts["username"],
        "sasl.password": facts["password"],
    }


async def test_a_partner_with_a_small_limit_is_slowed_by_the_broker_alone_and_loses_nothing(
    stack: Stack, office: Office
) -> None:
    slow, other = (f"{name}-{uuid.uuid4().hex[:8]}" for name in ("slow", "other"))
    logins = [await asyncio.to_thread(login, stack, name) for name in (slow, other)]
    limit = ("--bytes-per-second", str(SLOW_BYTES_A_SECOND))
    await asyncio.to_thread(stack.ispbills, "partners", "limit", slow, *limit)
    told: list[list[ThrottleEvent]] = [[], []]
    of_slow, of_other = (
        client(stack, **each, throttle_cb=events.append) for each, events in zip(logins, told, strict=True)
    )
    sent: list[Body] = []

    async def is_slowed() -> bool:
        more = [payment() for _ in range(MORE_THAN_ALLOWED)]
        await asyncio.to_thread(send_at_once, of_slow, slow, more)
        sent.extend(more)
        return any(event.throttle_time > 0 for event in told[0])

    # A limit reaches the broker's threads a little after it was taken.
    await until(is_slowed, "the broker to slow the partner down")
    unaware = [payment() for _ in sent]
    await asyncio.to_thread(send_at_once, of_other, other, unaware)
    assert told[1] == []
    assert await outcomes(stack, slow, sent) == ["recorded"] * len(sent)
    assert await outcomes(stack, other, unaware) == ["recorded"] * len(unaware)


def send_at_once(producer: Producer, partner: str, payments: list[Body]) -> None:
    send(producer, f"partner.{partner}.payments", payments)
    assert producer.flush(patience.SECONDS) == 0
