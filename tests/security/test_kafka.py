"""Kafka as an attacker meets it: with no credentials, a partner's, another service's; by librdkafka."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from functools import partial
from typing import Any, TypeAlias

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from cli.audit import settling
from devstack.environment import kafka_of
from devstack.environment import read as read_environment
from shared.broker_access import ITERATIONS, BrokerAccess
from shared.kafka import Kafka
from tests import patience
from tests.journeys.stack import Stack

Facts: TypeAlias = dict[str, Any]

REFUSED = {
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
}


def add(stack: Stack, name: str) -> Facts:
    facts: Facts = json.loads(stack.ispbills("partners", "add", name, "--operator", "ISP", "--json"))
    return facts


@pytest.fixture(scope="module")
def acme(closed_stack: Stack) -> Facts:
    return add(closed_stack, "acme")


@pytest.fixture(scope="module")
def acmebank(closed_stack: Stack) -> Facts:
    """One whose name begins with another's."""
    return add(closed_stack, "acmebank")


def settings(facts: Facts, **more: Any) -> dict[str, Any]:
    """How a partner's engineer configures librdkafka."""
    return {
        "bootstrap.servers": facts["bootstrap_servers"],
        "security.protocol": facts["security_protocol"],
        "sasl.mechanism": facts["sasl_mechanism"],
        "sasl.username": facts["username"],
        "sasl.password": facts["password"],
        "log_level": 0,
        **more,
    }


def service(stack: Stack, name: str) -> Facts:
    """The credentials that a service of the stack has."""
    kept = json.loads((stack.directory / "environment.json").read_text())
    told = ("bootstrap_servers", "security_protocol", "sasl_mechanism", "username", "password")
    return {each: kept[f"{name.upper()}_KAFKA_{each.upper()}"] for each in told}


def event(payment_id: str) -> tuple[bytes, list[tuple[str, bytes]]]:
    payment = {
        "payment_id": payment_id,
        "amount_minor": 100,
        "currency": "BDT",
        "paid_at": "2026-01-01T00:00:00Z",
        "customer_code": "nobody",
    }
    headers = {"ce_specversion": "1.0", "ce_id": str(uuid.uuid4()), "ce_type": "payment.received.v1"}
    headers |= {"ce_source": "acme", "ce_time": "2026-01-01T00:00:00Z", "content-type": "application/json"}
    return json.dumps(payment).encode(), [(name, value.encode()) for name, value in headers.items()]


def produce(facts: Facts, topic: str, value: bytes = b"{}", **more: Any) -> KafkaError | None:
    """The broker's answer to one record: None when it was taken."""
    answers: list[KafkaError | None] = []
    failed: list[KafkaError] = []
    producer = Producer(settings(facts, **{"message.timeout.ms": 8_000, "error_cb": failed.append} | more))
    producer.produce(topic, value, on_delivery=lambda error, _: answers.append(error))
    producer.flush(patience.SECONDS)
    [answer] = answers
    seen = {error.code(): error for error in failed}
    return seen.get(KafkaError._AUTHENTICATION, answer) if answer else None


def is_refused(error: KafkaError | None) -> bool:
    return error is not None and error.code() in REFUSED


def is_unknown(error: KafkaError | None) -> bool:
    return error is not None and error.code() == KafkaError._AUTHENTICATION


def read(facts: Facts, topic: str, group: str) -> list[dict[str, Any]]:
    """What a topic holds, read in a consumer group; raises when the broker refuses."""
    consumer = Consumer(settings(facts, **{"group.id": group, "auto.offset.reset": "earliest"}))
    consumer.subscribe([topic])
    found: list[dict[str, Any]] = []
    deadline = time.monotonic() + patience.SECONDS
    try:
        while time.monotonic() < deadline and not found:
            for message in consumer.consume(100, 1):
                if error := message.error():
                    raise KafkaException(error)
                found.append(json.loads(message.value() or b""))
        return found
    finally:
        consumer.close()


def refusal_of_reading(facts: Facts, topic: str, group: str) -> int:
    with pytest.raises(KafkaException) as refused:
        read(facts, topic, group)
    return int(refused.value.args[0].code())


def test_a_partner_pays_and_reads_its_receipts(closed_stack: Stack, acme: Facts) -> None:
    value, headers = event("T1")
    producer = Producer(settings(acme, **{"enable.idempotence": True}))
    producer.produce(acme["payments_topic"], value, headers=headers)
    assert producer.flush(patience.SECONDS) == 0
    receipts = read(acme, acme["receipts_topic"], "partner.acme.desk")
    assert [(each["payment_id"], each["outcome"]) for each in receipts] == [("T1", "held")]


def test_a_partner_pays_in_transactions_of_its_own(closed_stack: Stack, acme: Facts) -> None:
    producer = Producer(settings(acme, **{"transactional.id": "partner.acme.till"}))
    producer.init_transactions(patience.SECONDS)
    producer.begin_transaction()
    value, headers = event("T2")
    producer.produce(acme["payments_topic"], value, headers=headers)
    producer.commit_transaction(patience.SECONDS)
    with pytest.raises(KafkaException) as refused:
        Producer(settings(acme, **{"transactional.id": "partner.acmebank.till"})).init_transactions(
            patience.SECONDS
        )
    assert refused.value.args[0].code() == KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED


def test_a_partner_cannot_forge_a_command_or_an_answer(
    closed_stack: Stack, acme: Facts, acmebank: Facts
) -> None:
    for topic in ("payments.commands", "payments.payments", "invoicing.commands", "notifications.commands"):
        assert is_refused(produce(acme, topic)), topic
    for topic in ("partner.acme.receipts", "partner.acmebank.payments", "partner.acmebank.receipts"):
        assert is_refused(produce(acme, topic)), topic


def test_a_partner_cannot_read_what_is_not_its_own(closed_stack: Stack, acme: Facts, acmebank: Facts) -> None:
    for topic in ("partner.acmebank.receipts", "partner.acmebank.payments", "payments.payments"):
        assert refusal_of_reading(acme, topic, "partner.acme.spy") in REFUSED, topic


def test_a_partner_cannot_use_a_group_of_others(closed_stack: Stack, acme: Facts, acmebank: Facts) -> None:
    for group in ("partner.acmebank.desk", "partner.acme", "payments.partners", "anything"):
        code = refusal_of_reading(acme, acme["receipts_topic"], group)
        assert code == KafkaError.GROUP_AUTHORIZATION_FAILED, group


def test_a_partner_sees_no_topic_but_its_own(closed_stack: Stack, acme: Facts, acmebank: Facts) -> None:
    seen = Producer(settings(acme)).list_topics(timeout=patience.SECONDS).topics
    assert set(seen) == {acme["payments_topic"], acme["receipts_topic"]}


def test_nobody_gets_in_without_a_password_that_is_right(closed_stack: Stack, acme: Facts) -> None:
    topic = acme["payments_topic"]
    assert is_unknown(produce(acme | {"password": "guessed"}, topic))
    assert is_unknown(produce(acme | {"username": "payments"}, topic))
    ours = service(closed_stack, "payments")["bootstrap_servers"]
    for address in (acme["bootstrap_servers"], ours, closed_stack.addresses["kafka_bootstrap_servers"]):
        stranger = Producer({"bootstrap.servers": address, "log_level": 0})
        with pytest.raises(KafkaException):
            stranger.list_topics(timeout=3)


def test_a_service_says_and_hears_only_what_is_its_own(closed_stack: Stack) -> None:
    documents = service(closed_stack, "documents")
    assert is_refused(produce(documents, "payments.commands"))
    assert is_refused(produce(service(closed_stack, "projector"), "payments.payments"))
    assert refusal_of_reading(documents, "payments.payments", "documents.spy") in REFUSED
    assert refusal_of_reading(documents, "documents.commands", "payments.commands") in REFUSED


def test_who_audits_sees_how_far_the_others_have_read_and_no_record_of_theirs(
    closed_stack: Stack, acme: Facts
) -> None:
    producer = Producer(settings(acme))
    value, headers = event("A1")
    producer.produce(acme["payments_topic"], value, headers=headers)
    assert producer.flush(patience.SECONDS) == 0
    projector = service(closed_stack, "projector")
    kafka = Kafka(**projector)
    for group in ("payments.partners", "payments.commands"):
        asyncio.run(patience.until(partial(_places_taken, kafka, group), f"{group} has read something"))
    asyncio.run(settling.readers_reach_the_end(kafka))
    assert refusal_of_reading(projector, "payments.commands", "projector.audit") in REFUSED


async def _places_taken(kafka: Kafka, group: str) -> int:
    """Of how many partitions a group is known to have read."""
    admin = AIOKafkaAdminClient(**kafka.aiokafka())
    await admin.start()
    try:
        known = {each[0] for each in await admin.list_consumer_groups()}
        return len(await settling._taken(admin, group)) if group in known else 0
    finally:
        await admin.close()


def test_a_known_partner_is_shown_no_password(closed_stack: Stack, acme: Facts) -> None:
    assert add(closed_stack, "acme") == {name: value for name, value in acme.items() if name != "password"}
    assert acme["password"] not in closed_stack.ispbills("partners", "add", "acme", "--operator", "ISP")


def test_a_new_password_ends_the_old_one(closed_stack: Stack) -> None:
    before = add(closed_stack, "rotating")
    after = json.loads(closed_stack.ispbills("partners", "rotate", "rotating", "--json"))
    assert after == before | {"password": after["password"]}
    assert is_unknown(produce(before, before["payments_topic"]))
    assert produce(after, after["payments_topic"]) is None


def test_a_removed_partner_is_out_at_once_also_on_an_open_connection(closed_stack: Stack) -> None:
    leaving = add(closed_stack, "leaving")
    answers: list[KafkaError | None] = []
    producer = Producer(settings(leaving, **{"message.timeout.ms": 8_000}))
    value, headers = event("L1")
    producer.produce(leaving["payments_topic"], value, headers=headers)
    assert producer.flush(patience.SECONDS) == 0
    closed_stack.ispbills("partners", "remove", "leaving")
    producer.produce(leaving["payments_topic"], value, on_delivery=lambda error, _: answers.append(error))
    producer.flush(patience.SECONDS)
    assert is_refused(answers[0])
    assert is_unknown(produce(leaving, leaving["payments_topic"]))
    closed_stack.ispbills("partners", "rotate", "leaving", fails=True)
    again = add(closed_stack, "leaving")
    assert again["password"] != leaving["password"]
    outcomes = [each["outcome"] for each in read(again, again["receipts_topic"], "partner.leaving.desk")]
    assert outcomes == ["held"], "what it paid before is still there"


def test_a_credential_is_never_deleted_for_a_broker_that_starts_may_forget_all_others_over_it(
    closed_stack: Stack,
) -> None:
    """Kafka 4.2 and before, where the deletion is read back before the mechanism's first other user."""
    add(closed_stack, "passing")
    closed_stack.ispbills("partners", "remove", "passing")
    access = BrokerAccess(kafka_of(read_environment(closed_stack.directory)))
    assert not access.has_user("partner.passing")
    kept = access._admin.describe_user_scram_credentials(["partner.passing"])["partner.passing"].result()
    assert [each.iterations for each in kept.scram_credential_infos] == [ITERATIONS + 1]


def test_what_the_stack_does_it_does_with_its_own_users(closed_stack: Stack) -> None:
    """Commands, events and replicas go their way where nobody is let in without a password."""
    assert "promises hold" in closed_stack.ispbills("audit")
    consumer = Consumer(settings(service(closed_stack, "payments"), **{"group.id": "payments.partners"}))
    places = [TopicPartition("partner.acme.payments", each) for each in range(12)]
    assert sum(max(place.offset, 0) for place in consumer.committed(places, timeout=patience.SECONDS)) > 0
    consumer.close()
