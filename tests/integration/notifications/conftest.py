"""Notifications on a database of the test's own, and providers that it can call."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import pytest_asyncio

from devstack.simulators.serving import serving
from devstack.simulators.sms import SmsSimulator
from tests.conftest import PoolFor
from tests.integration.notifications.harness import NotificationsHarness


@pytest.fixture
def simulator() -> SmsSimulator:
    return SmsSimulator()


@pytest.fixture
def address(simulator: SmsSimulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the providers answer; this machine is reached in development alone."""
    monkeypatch.setenv("ISPBILLS_ENVIRONMENT", "development")
    with serving(simulator.app()) as address:
        yield address


@pytest_asyncio.fixture
async def harness(pool_for: PoolFor, simulator: SmsSimulator, address: str) -> NotificationsHarness:
    harness = NotificationsHarness(await pool_for("notifications"), simulator, address)
    await harness.furnish()
    return harness
