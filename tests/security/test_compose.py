"""The broker of `compose.yaml`, started from the settings that its image is given: nobody is anonymous."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from confluent_kafka import KafkaError, KafkaException, Producer

from cli.migrate import _grant_all
from devstack import kafka, readiness
from shared.contracts.access import SERVICES
from shared.contracts.topics import TOPICS
from shared.kafka import Kafka
from shared.topics import create_topics

ROOT = Path(__file__).parents[2]
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
    lines["log.dirs"] = str(home / "data")
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
        yield {"": admin} | {name: _as_service(admin, name) for name in SERVICES}
    finally:
        running.kill()
        running.wait()


def _as_service(admin: Kafka, name: str) -> Kafka:
    told = COMPOSE[name]["environment"]
    password = filled(told["KAFKA_PASSWORD"])
    found = replace(admin, sasl_mechanism=told["KAFKA_SASL_MECHANISM"], username=told["KAFKA_USERNAME"])
    return replace(found, security_protocol=told["KAFKA_SECURITY_PROTOCOL"], password=password)


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
    _grant_all(broker[""])
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
