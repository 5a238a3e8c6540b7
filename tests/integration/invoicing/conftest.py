"""Invoicing on a database of the test's own, and a calendar that a test can turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from shared import clock
from tests.conftest import PoolFor
from tests.integration.invoicing.harness import InvoicingHarness

SetClock = Callable[[str], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Move the installation's clock, as its environment variable does."""

    def set_to(moment: str) -> None:
        offset = datetime.fromisoformat(moment) - datetime.now(UTC)
        monkeypatch.setattr(clock, "_offset", lambda: offset)

    return set_to


@pytest_asyncio.fixture
async def harness(pool_for: PoolFor, set_clock: SetClock) -> InvoicingHarness:
    """14 December 2026, noon in Dhaka."""
    set_clock("2026-12-14T12:00:00+06:00")
    harness = InvoicingHarness(await pool_for("invoicing"))
    await harness.furnish()
    return harness
