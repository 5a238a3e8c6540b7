"""A till on a database of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.conftest import PoolFor
from tests.integration.payments.records.till import Till


@pytest_asyncio.fixture
async def till(pool_for: PoolFor, kafka: str) -> AsyncIterator[Till]:
    """Open, with nothing in it; afterwards its books add up."""
    till = Till(await pool_for("payments"), kafka)
    await till.open()
    yield till
    await till.check_books()
