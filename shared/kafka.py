"""The way to Kafka: the one place that turns settings into a client's arguments."""

from __future__ import annotations

import asyncio
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faststream.security import BaseSecurity

PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
SCRAM = "SCRAM-SHA-512"
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", SCRAM)


class WrongKafkaSettings(ValueError):
    """The KAFKA_… settings contradict each other or name what no client knows."""


@dataclass(frozen=True, slots=True)
class Kafka:
    """A broker's address with a user's credentials; raises WrongKafkaSettings."""

    bootstrap_servers: str
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str = SCRAM
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    # Of topics that are made; -1: the broker's own default.
    replication_factor: int = -1

    def __post_init__(self) -> None:
        if self.security_protocol not in PROTOCOLS:
            raise WrongKafkaSettings(f"KAFKA_SECURITY_PROTOCOL is one of {', '.join(PROTOCOLS)}")
        if self.sasl_mechanism not in MECHANISMS:
            raise WrongKafkaSettings(f"KAFKA_SASL_MECHANISM is one of {', '.join(MECHANISMS)}")
        if self.is_authenticated != bool(self.username and self.password):
            # A password without SASL would be a setting that silently protects nothing.
            raise WrongKafkaSettings("SASL goes with KAFKA_USERNAME and KAFKA_PASSWORD, all or none")
        if self.replication_factor != -1 and self.replication_factor < 1:
            raise WrongKafkaSettings("KAFKA_REPLICATION_FACTOR is 1 or more, or -1 for the broker's default")

    @property
    def is_authenticated(self) -> bool:
        """Whether the broker learns who we are."""
        return self.security_protocol.startswith("SASL_")

    @property
    def is_encrypted(self) -> bool:
        """Whether the way to the broker is TLS."""
        return self.security_protocol.endswith("SSL")

    def aiokafka(self) -> dict[str, Any]:
        """Arguments of every aiokafka client."""
        arguments: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap_servers,
            "security_protocol": self.security_protocol,
        }
        if self.is_encrypted:
            arguments["ssl_context"] = self._ssl_context()
        if self.is_authenticated:
            arguments["sasl_mechanism"] = self.sasl_mechanism
            arguments["sasl_plain_username"] = self.username
            arguments["sasl_plain_password"] = self.password
        return arguments

    async def answers(self, within_seconds: float = 5.0) -> bool:
        """Whether a client that is new to it gets an answer."""
        from aiokafka.client import AIOKafkaClient
        from aiokafka.errors import KafkaError

        client = AIOKafkaClient(**self.aiokafka())
        try:
            async with asyncio.timeout(within_seconds):
                await client.bootstrap()
        except (KafkaError, OSError, TimeoutError):
            return False
        finally:
            await client.close()
        return True

    def faststream(self) -> dict[str, Any]:
        """Arguments of FastStream's broker."""
        return {"bootstrap_servers": self.bootstrap_servers, "security": self._security()}

    def librdkafka(self) -> dict[str, str]:
        """Settings of every client of confluent-kafka."""
        arguments = {
            "bootstrap.servers": self.bootstrap_servers,
            "security.protocol": self.security_protocol,
        }
        if self.is_encrypted and self.ca_file:
            arguments["ssl.ca.location"] = self.ca_file
        if self.is_authenticated:
            arguments["sasl.mechanism"] = self.sasl_mechanism
            arguments["sasl.username"] = self.username or ""
            arguments["sasl.password"] = self.password or ""
        return arguments

    def _security(self) -> BaseSecurity | None:
        # Imported only here: without it the short commands answer in half the time.
        from faststream import security

        context = self._ssl_context() if self.is_encrypted else None
        if not self.is_authenticated:
            return security.BaseSecurity(ssl_context=context) if context else None
        kinds = (security.SASLPlaintext, security.SASLScram256, security.SASLScram512)
        kind = dict(zip(MECHANISMS, kinds, strict=True))[self.sasl_mechanism]
        return kind(self.username or "", self.password or "", ssl_context=context, use_ssl=self.is_encrypted)

    def _ssl_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)


def from_environment(environment: Mapping[str, str] = os.environ) -> Kafka | None:
    """Return what the KAFKA_… variables without a service's prefix say; None when there is none."""
    servers = environment.get("KAFKA_BOOTSTRAP_SERVERS")
    if not servers:
        return None
    replication = environment.get("KAFKA_REPLICATION_FACTOR") or "-1"
    if not re.fullmatch(r"-?\d+", replication):
        raise WrongKafkaSettings("KAFKA_REPLICATION_FACTOR is a number")
    return Kafka(
        servers,
        environment.get("KAFKA_SECURITY_PROTOCOL") or "PLAINTEXT",
        environment.get("KAFKA_SASL_MECHANISM") or SCRAM,
        environment.get("KAFKA_USERNAME") or None,
        environment.get("KAFKA_PASSWORD") or None,
        environment.get("KAFKA_CA_FILE") or None,
        int(replication),
    )
