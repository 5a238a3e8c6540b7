"""What the gateway does by itself: send again what got no answer. What it forgets is in `retention`."""

from __future__ import annotations

from gateway.store import operations as operation_store
from shared import clock
from shared.db import Pool, in_transaction


async def send_again(pool: Pool) -> bool:
    """Commands without an answer go out again, under the same ids, after growing pauses."""
    async with in_transaction(pool) as tx:
        return await operation_store.send_again(tx, clock.now())
