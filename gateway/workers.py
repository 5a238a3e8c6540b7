"""What the gateway does by itself: send again what got no answer, forget what has grown old."""

from __future__ import annotations

from datetime import timedelta

from gateway.store import operations as operation_store
from gateway.store import statements
from shared import clock
from shared.db import Pool, in_transaction

KEYS_ARE_KEPT = timedelta(days=30)


async def send_again(pool: Pool) -> bool:
    """Commands without an answer go out again, under the same ids, after growing pauses."""
    async with in_transaction(pool) as tx:
        return await operation_store.send_again(tx, clock.now())


async def forget(pool: Pool) -> bool:
    """Old keys, sessions and counted sign-ins."""
    now = clock.now()
    async with in_transaction(pool) as tx:
        await operation_store.forget_old_keys(tx, now - KEYS_ARE_KEPT)
        await statements.do(tx, "forget_old_sessions", now=now)
        await statements.do(tx, "forget_old_sign_ins", before=now - timedelta(hours=1))
    return False
