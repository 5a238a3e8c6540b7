"""TLS to Postgres and to Kafka with an authority of one's own, as docs/deployment.md says to set it."""

from __future__ import annotations

import os
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError
from faststream.kafka import KafkaBroker

from devstack import environment, kafka, ports, readiness, state
from shared import db
from shared.broker_access import BrokerAccess, NotAllowed
from shared.kafka import Kafka
from tests import patience
from tests.certificates import Certificates, make_certificates
from tests.conftest import as_role
from tests.pooler import KEEPS_STATEMENTS, pooled, version
from tests.tools import tool

PASSWORD = "of the service that listens"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("ours"), "ours")


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("strangers"), "strangers")


@pytest.fixture(scope="module")
def broker(ours: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A broker whose listener for services is SASL_SSL; who `payments` is there."""
    home = tmp_path_factory.mktemp("encrypted")
    known = state.State()
    ports.choose(known)
    state.save(known, home)
    variables = environment.write(known, home)
    kafka.prepare(known, home)
    properties = home / "kafka" / "server.properties"
    told = properties.read_text().replace("SERVICES:SASL_PLAINTEXT", "SERVICES:SASL_SSL")
    told += "listener.name.services.ssl.keystore.type=PEM\n"
    told += f"listener.name.services.ssl.keystore.location={ours.server}\n"
    properties.write_text(told)
    with (home / "log").open("wb") as log:
        running = subprocess.Popen(kafka.command(home), env=os.environ, stdout=log, stderr=log)
    try:
        administrator = environment.kafka_of(variables)
        readiness.wait_for_kafka(administrator, home)
        BrokerAccess(administrator).set_passwords({"payments": PASSWORD})
        address = f"127.0.0.1:{known.ports['kafka-services']}"
        yield Kafka(address, "SASL_SSL", "SCRAM-SHA-512", "payments", PASSWORD, str(ours.authority))
    finally:
        running.terminate()
        running.wait(timeout=patience.SECONDS)


def test_the_authority_is_one_for_python_3_13_too(ours: Certificates) -> None:
    """As docs/deployment.md says to look: newer Pythons refuse what only older ones let pass."""
    command = [tool("openssl"), "verify", "-x509_strict", "-CAfile", str(ours.authority)]
    subprocess.run([*command, str(ours.certificate)], check=True, capture_output=True)


async def test_each_kafka_client_speaks_tls_with_an_authority_of_ones_own(broker: Kafka) -> None:
    producer = AIOKafkaProducer(**broker.aiokafka())
    await producer.start()
    await producer.stop()
    stream = KafkaBroker(**broker.faststream(), logger=None)
    await stream.start()
    await stream.stop()
    # Nobody gave this user a right, which is what the broker says over TLS to librdkafka.
    with pytest.raises(NotAllowed):
        BrokerAccess(broker).set_passwords({"payments": PASSWORD})


async def test_no_kafka_client_believes_another_authority_or_speaks_in_the_clear(
    broker: Kafka, strangers: Certificates
) -> None:
    other = replace(broker, ca_file=str(strangers.authority))
    clear = replace(broker, security_protocol="SASL_PLAINTEXT", ca_file=None)
    for wrong in (other, clear):
        producer = AIOKafkaProducer(**wrong.aiokafka(), request_timeout_ms=3_000)
        with pytest.raises(KafkaConnectionError):
            await producer.start()
        await producer.stop()


async def test_a_pool_speaks_tls_with_an_authority_of_ones_own(
    database_url: str, ours: Certificates, strangers: Certificates
) -> None:
    """Through a PgBouncer that takes nothing else: the Postgres of the tests was built without TLS."""
    with pooled({"gateway": as_role(database_url, "gateway")}, certificates=ours) as urls:

        async def ask(mode: str, authority: Path | None) -> int:
            trusted = f"&sslrootcert={authority}" if authority else ""
            pool = await db.open_pool(
                f"{urls['gateway']}?sslmode={mode}{trusted}",
                schema="gateway",
                application_name="encrypted",
                statement_cache_size=100 if version() >= KEEPS_STATEMENTS else 0,
            )
            try:
                found: int = await pool.fetchval("SELECT 1")
                return found
            finally:
                await pool.close()

        assert await ask("verify-full", ours.authority) == 1
        with pytest.raises(ssl.SSLCertVerificationError):
            await ask("verify-full", strangers.authority)
        with pytest.raises((asyncpg.PostgresError, ConnectionError), match=r"(?i)ssl|tls"):
            await ask("disable", None)
