"""The broker of `compose.yaml`, started from the settings that its image is given.

Nobody is anonymous, and no partner has more of it than its share.
"""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from confluent_kafka import KafkaError, KafkaException, Producer

from cli.migrate import _administer
from devstack import kafka, readiness
from shared.broker_access import BrokerAccess
from shared.contracts.access import PARTNER_QUOTAS, SERVICES, partner_rights, partner_user
from shared.contracts.topics import TOPICS, partner_topics
from shared.kafka import SCRAM, Kafka
from shared.quotas import set_quotas
from shared.topics import create_topics
from tests import patience

ROOT = Path(__file__).parents[2]
REAUTHENTICATED = "listener.name.partners.connections.max.reauth.ms"
# In place of compose's five minutes.
REAUTHENTICATED_SECONDS = 10
MOST_CONNECTIONS = 200
PARTNERS = ("one", "other")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
SECRET = "only-for-this-test"


def filled(text: object) -> str:
    """What compose makes of a value: defaults, and one password for all secrets."""
    return re.sub(r"\$\{\w+(?::-([^}]*)|:\?[^}]*)?\}", lambda found: found[1] or SECRET, str(text))


def properties(ports: dict[str, int], home: Path) -> str:
    """What the image makes of its environment: `___` is a hyphen, `__` an underscore, `_` a dot."""
    lines = {}
    for name, value in COMPOSE["kafka"]["environment"].items():
        if name != "KAFKA_HEAP_OPTS":
            key = name.removeprefix("KAFKA_").lower().replace("_", ".").replace("...", "-").replace("..", "_")
            lines[key] = filled(value).replace("kafka:", "127.0.0.1:").replace("://:", "://127.0.0.1:")
    for old, new in ports.items():
        lines = {key: value.replace(f":{old}", f":{new}") for key, value in lines.items()}
    assert lines[REAUTHENTICATED] == "300000"
    assert lines["listener.name.partners.max.connections"] == str(MOST_CONNECTIONS)
    lines |= {"log.dirs": str(home / "data"), REAUTHENTICATED: str(REAUTHENTICATED_SECONDS * 1_000)}
    return "".join(f"{key}={value}\n" for key, value in lines.items())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Kafka]]:
    """The administrator, and every service, as they meet the broker."""
    home = tmp_path_factory.mktemp("compose")
    ports = {number: free_port() for number in ("9092", "9093", "9094")}
    settings = home / "server.properties"
    settings.write_text(properties(ports, home))
    tool = ["kafka.tools.StorageTool", "format", "--cluster-id=MkU3OEVBNTcwNTJENDM2Qg"]
    subprocess.run([*kafka._java("-Xmx128m"), *tool, "--config", str(settings)], check=True)
    running = subprocess.Popen([*kafka._java("-Xmx256m"), "kafka.Kafka", str(settings)])
    told = COMPOSE["migrate"]["environment"]
    admin = Kafka(
        f"127.0.0.1:{ports['9092']}",
        told["KAFKA_SECURITY_PROTOCOL"],
        told["KAFKA_SASL_MECHANISM"],
        told["KAFKA_USERNAME"],
        filled(told["KAFKA_PASSWORD"]),
    )
    try:
        readiness.wait_for_kafka(admin, home)
        partners = {f"partner.{name}": _as_partner(admin, name, ports["9094"]) for name in PARTNERS}
        yield {"": admin} | {name: _as_service(admin, name) for name in SERVICES} | partners
    finally:
        running.kill()
        running.wait()


def _as_service(admin: Kafka, name: str) -> Kafka:
    told = COMPOSE[name]["environment"]
    password = filled(told["KAFKA_PASSWORD"])
    found = replace(admin, sasl_mechanism=told["KAFKA_SASL_MECHANISM"], username=told["KAFKA_USERNAME"])
    return replace(found, security_protocol=told["KAFKA_SECURITY_PROTOCOL"], password=password)


def _as_partner(admin: Kafka, name: str, port: int) -> Kafka:
    """What `partners add` makes on the broker."""
    told = COMPOSE["migrate"]["environment"]
    asyncio.run(create_topics(admin, partner_topics(name)))
    access, user = BrokerAccess(admin), partner_user(name)
    access.set_passwords({user: SECRET})
    access.set_rights(user, partner_rights(name))
    asyncio.run(set_quotas(admin, user, PARTNER_QUOTAS))
    return Kafka(f"127.0.0.1:{port}", told["KAFKA_PARTNER_SECURITY_PROTOCOL"], SCRAM, user, SECRET)


@pytest.fixture
def till(broker: dict[str, Kafka]) -> Producer:
    """A partner's client, on a connection that is open."""
    till = Producer(broker["partner.one"].librdkafka() | {"log_level": 0, "message.timeout.ms": 5_000})
    assert taken(till, "one") is None
    return till


def taken(till: Producer, partner: str) -> KafkaError | None:
    """The broker's answer to one more payment."""
    answers: list[KafkaError | None] = []
    till.produce(f"partner.{partner}.payments", b"{}", on_delivery=lambda error, _: answers.append(error))
    till.flush(patience.SECONDS)
    return answers[0]


def test_a_connection_that_is_open_ends_after_its_password_was_changed(
    broker: dict[str, Kafka], till: Producer
) -> None:
    """At the latest when it would have to prove itself again, which it may do in between."""
    began = time.monotonic()
    BrokerAccess(broker[""]).set_passwords({"partner.one": "another"})
    try:
        while taken(till, "one") is None:
            assert time.monotonic() < began + patience.SECONDS, "a connection outlives its password"
            time.sleep(0.2)
        renewed = replace(broker["partner.one"], password="another")
        assert produce(renewed.librdkafka(), "partner.one.payments") is None
    finally:
        BrokerAccess(broker[""]).set_passwords({"partner.one": SECRET})


def test_who_takes_every_connection_of_partners_keeps_them_waiting_and_no_service(
    broker: dict[str, Kafka],
) -> None:
    host, port = broker["partner.one"].bootstrap_servers.split(":")
    with ExitStack() as flood:
        for _ in range(MOST_CONNECTIONS):
            flood.enter_context(socket.create_connection((host, int(port))))
        other = Producer(broker["partner.other"].librdkafka() | {"log_level": 0})
        with pytest.raises(KafkaException):
            other.list_topics(timeout=5)
        inside = Producer(broker[""].librdkafka() | {"log_level": 0})
        assert "partner.other.payments" in inside.list_topics(timeout=patience.SECONDS).topics
    assert taken(other, "other") is None, "it gets in once there is room"


def test_a_partner_with_more_requests_than_its_share_of_a_thread_is_slowed_and_no_other(
    broker: dict[str, Kafka],
) -> None:
    """By the time that its requests take, however few bytes they are; a share of one in a thousand here."""
    assert PARTNER_QUOTAS["request_percentage"] == 50
    asyncio.run(set_quotas(broker[""], "partner.one", {"request_percentage": 0.1}))
    told: dict[str, list[float]] = {name: [] for name in PARTNERS}
    tills = {
        name: Producer(
            broker[f"partner.{name}"].librdkafka()
            | {"log_level": 0, "throttle_cb": lambda event, name=name: told[name].append(event.throttle_time)}
        )
        for name in PARTNERS
    }
    try:
        deadline = time.monotonic() + patience.SECONDS
        while not any(told["one"]):
            assert time.monotonic() < deadline, "nothing slowed it down"
            assert taken(tills["one"], "one") is None
        assert all(taken(tills["other"], "other") is None for _ in range(20))
        assert not any(told["other"])
    finally:
        asyncio.run(set_quotas(broker[""], "partner.one", PARTNER_QUOTAS))


def produce(settings: dict[str, Any], topic: str) -> KafkaError | None:
    answers: list[KafkaError | None] = []
    producer = Producer(settings | {"message.timeout.ms": 120_000, "log_level": 0})
    producer.produce(topic, b"{}", on_delivery=lambda error, _: answers.append(error))
    producer.flush(150)
    return answers[0]


def test_the_services_of_compose_get_in_and_nobody_else(
    broker: dict[str, Kafka], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in COMPOSE["migrate"]["environment"].items():
        monkeypatch.setenv(name, filled(value))
    asyncio.run(create_topics(broker[""], TOPICS))
    _administer(broker[""])
    assert produce(broker["payments"].librdkafka(), "payments.payments") is None
    refusal = produce(broker["documents"].librdkafka(), "payments.payments")
    assert refusal is not None
    assert refusal.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED
    stranger = Producer({"bootstrap.servers": broker[""].bootstrap_servers, "log_level": 0})
    with pytest.raises(KafkaException):
        stranger.list_topics(timeout=3)


def test_every_process_of_compose_is_a_user_of_its_own_with_a_password_of_its_own() -> None:
    told = {name: COMPOSE[name]["environment"] for name in SERVICES}
    assert {name: each["KAFKA_USERNAME"] for name, each in told.items()} == {name: name for name in SERVICES}
    assert len({each["KAFKA_PASSWORD"] for each in told.values()}) == len(SERVICES)
    secrets = subprocess.run(
        ["sh", str(ROOT / "deploy/secrets.sh")], stdout=subprocess.PIPE, text=True, check=True
    )
    made = {line.partition("=")[0] for line in secrets.stdout.splitlines()}
    for each in told.values():
        assert each["KAFKA_PASSWORD"].strip("${}") in made
