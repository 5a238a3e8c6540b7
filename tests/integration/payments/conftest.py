"""A till, and a furnished desk, on a database of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.conftest import PoolFor
from tests.integration.payments.desk import Desk
from tests.integration.payments.till import Till


@pytest_asyncio.fixture
async def till(pool_for: PoolFor) -> AsyncIterator[Till]:
    """Open, with nothing in it; afterwards its books add up."""
    till = Till(await pool_for("payments"))
    await till.open()
    yield till
    await till.check_books()


@pytest_asyncio.fixture
async def desk(pool_for: PoolFor) -> Desk:
    """Messages straight to their handlers; the partner `paywell` is known."""
    desk = Desk(await pool_for("payments"))
    await desk.furnish()
    return desk
