"""Payments on a database of the test's own, and providers that it can call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from devstack.simulators.bkash import BkashSimulator
from devstack.simulators.serving import serving
from devstack.simulators.sslcommerz import SslcommerzSimulator
from devstack.simulators.stripe import StripeSimulator
from services.payments.public import pages
from tests.conftest import PoolFor
from tests.integration.payments.harness import PaymentsHarness
from tests.integration.payments.online import Online


@pytest_asyncio.fixture
async def harness(pool_for: PoolFor, kafka: str) -> AsyncIterator[PaymentsHarness]:
    """Open, with nothing in it; afterwards its books add up."""
    harness = PaymentsHarness(await pool_for("payments"), kafka)
    await harness.furnish()
    yield harness
    await harness.check_books()


@pytest_asyncio.fixture
async def online(
    harness: PaymentsHarness, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Online]:
    """Bills can be paid online, with simulators on loopback."""
    monkeypatch.setenv("ISPBILLS_ENVIRONMENT", "development")
    # A busy machine must not turn a receipt into "being checked".
    monkeypatch.setattr(pages, "_PATIENCE_SECONDS", 60.0)
    online = Online(harness, database_url)
    yield online
    await online.close()


@pytest.fixture
def unasked(online: Online, monkeypatch: pytest.MonkeyPatch) -> None:
    """No provider is asked, so that nobody waits for its answer."""
    monkeypatch.setattr(pages, "_PATIENCE_SECONDS", 0.0)


@pytest.fixture
def bkash() -> Iterator[BkashSimulator]:
    simulator = BkashSimulator()
    with serving(simulator.app()) as simulator.url:
        yield simulator


@pytest.fixture
def sslcommerz() -> Iterator[SslcommerzSimulator]:
    simulator = SslcommerzSimulator()
    with serving(simulator.app()) as simulator.url:
        yield simulator


@pytest.fixture
def stripe() -> Iterator[StripeSimulator]:
    simulator = StripeSimulator()
    with serving(simulator.app()) as simulator.url:
        yield simulator
