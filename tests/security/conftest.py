"""A stack without any anonymous way to Kafka, as an installation runs it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.gateway.conftest import (  # noqa: F401  fixtures
    client_for,
    gateway,
    gateway_pool,
    harness,
    password_hash,
    visitor,
)
from tests.journeys.stack import Stack, own_stack

PORT_BASE = 29200


@pytest.fixture(scope="session")
def closed_stack() -> Iterator[Stack]:
    with own_stack(PORT_BASE) as stack:
        stack.environment["KAFKA_SECURITY_PROTOCOL"] = "SASL_PLAINTEXT"
        stack.up()
        yield stack
