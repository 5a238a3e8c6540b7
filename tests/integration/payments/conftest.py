"""A furnished desk on a database of the test's own."""

from __future__ import annotations

import pytest_asyncio

from tests.conftest import PoolFor
from tests.integration.payments.desk import Desk


@pytest_asyncio.fixture
async def desk(pool_for: PoolFor) -> Desk:
    """Messages straight to their handlers; the partner `paywell` is known."""
    desk = Desk(await pool_for("payments"))
    await desk.furnish()
    return desk
