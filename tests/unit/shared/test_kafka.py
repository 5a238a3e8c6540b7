"""Settings become the arguments of each client, or are refused."""

import os
import ssl
from typing import Any

import pytest
from pydantic_settings import SettingsConfigDict

from shared.contracts.topics import Topic
from shared.kafka import Kafka, WrongKafkaSettings, from_environment
from shared.settings import ServiceSettings
from shared.topics import new_topic

SCRAM = Kafka("broker:9092", "SASL_PLAINTEXT", username="payments", password="secret")


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="PAYMENTS_", frozen=True, extra="ignore")


@pytest.fixture(autouse=True)
def _no_broker_named_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if "KAFKA_" in name or name.endswith("DATABASE_URL")]:
        monkeypatch.delenv(name)


def test_each_client_library_is_told_who_we_are() -> None:
    assert SCRAM.aiokafka() == {
        "bootstrap_servers": "broker:9092",
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "payments",
        "sasl_plain_password": "secret",
    }
    assert SCRAM.librdkafka() == {
        "bootstrap.servers": "broker:9092",
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "payments",
        "sasl.password": "secret",
    }
    security = SCRAM.faststream()["security"]
    assert (security.username, security.password, security.use_ssl) == ("payments", "secret", False)


def test_a_certificate_of_ones_own_is_what_tls_believes(tmp_path: Any) -> None:
    kafka = Kafka("broker:9092", "SSL", ca_file=ssl.get_default_verify_paths().cafile)
    context = kafka.aiokafka()["ssl_context"]
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert kafka.faststream()["security"].use_ssl
    assert ("ssl.ca.location" in kafka.librdkafka()) == (kafka.ca_file is not None)


def test_what_three_brokers_keep_outlives_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "broker:9092")
    monkeypatch.setenv("KAFKA_REPLICATION_FACTOR", "3")
    told = Settings(database_url="unused")  # type: ignore[call-arg]
    assert told.kafka.replication_factor == 3
    named = from_environment()
    assert named is not None
    assert named.replication_factor == 3
    made = new_topic(Topic("payments.payments"), 3)
    assert (made.replication_factor, made.topic_configs["min.insync.replicas"]) == (3, "2")
    # Left to the broker, of which there may be one.
    left = new_topic(Topic("payments.payments"), SCRAM.replication_factor)
    assert left.replication_factor == -1
    assert "min.insync.replicas" not in left.topic_configs


@pytest.mark.parametrize("factor", ["0", "-2", "three"])
def test_no_topic_has_so_many_replicas(factor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "broker:9092")
    monkeypatch.setenv("KAFKA_REPLICATION_FACTOR", factor)
    with pytest.raises(WrongKafkaSettings, match="KAFKA_REPLICATION_FACTOR"):
        from_environment()


def test_a_password_is_never_shown() -> None:
    assert "secret" not in repr(SCRAM)
    given: dict[str, Any] = {"kafka_password": "secret", "kafka_bootstrap_servers": "broker:9092"}
    assert "secret" not in repr(Settings(database_url="unused", **given))


@pytest.mark.parametrize(
    "wrong",
    [
        {"security_protocol": "SASL_PLAIN"},
        {"sasl_mechanism": "GSSAPI"},
        {"security_protocol": "SASL_SSL"},
        {"security_protocol": "SASL_SSL", "username": "payments"},
        {"username": "payments", "password": "secret"},
    ],
)
def test_settings_that_would_protect_nothing_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(WrongKafkaSettings):
        Kafka("broker:9092", **wrong)


def test_a_services_own_variables_win_over_those_that_all_share(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = {"BOOTSTRAP_SERVERS": "broker:9092", "SECURITY_PROTOCOL": "SASL_PLAINTEXT", "PASSWORD": "all"}
    for name, value in shared.items():
        monkeypatch.setenv(f"KAFKA_{name}", value)
    monkeypatch.setenv("PAYMENTS_KAFKA_USERNAME", "payments")
    monkeypatch.setenv("PAYMENTS_KAFKA_PASSWORD", "own")
    monkeypatch.setenv("DATABASE_URL", "postgresql://superuser")
    kafka = Settings(database_url="unused").kafka  # type: ignore[call-arg]
    assert (kafka.bootstrap_servers, kafka.username, kafka.password) == ("broker:9092", "payments", "own")


def test_no_service_takes_the_superusers_database_for_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://superuser")
    with pytest.raises(ValueError, match="database_url"):
        Settings(kafka_bootstrap_servers="broker:9092")  # type: ignore[call-arg]


def test_the_command_line_is_who_the_variables_without_a_prefix_say() -> None:
    assert from_environment({}) is None
    told = {
        "KAFKA_BOOTSTRAP_SERVERS": "broker:9092",
        "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_SASL_MECHANISM": "PLAIN",
        "KAFKA_USERNAME": "admin",
        "KAFKA_PASSWORD": "secret",
        "KAFKA_CA_FILE": "/etc/ca.pem",
    }
    assert from_environment(told) == Kafka(
        "broker:9092", "SASL_SSL", "PLAIN", "admin", "secret", "/etc/ca.pem"
    )
