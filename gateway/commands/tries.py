"""Wrong tries at passwords and codes, paced so that guessing is slow and an office is not shut out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from gateway.problems import Problem
from gateway.store import sign_ins as sign_in_store
from shared import clock
from shared.db import Pool, in_transaction
from shared.ids import new_id

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WRONG_TRIES_A_MINUTE = 10  # for one account from one address
WRONG_TRIES_AN_HOUR = 100  # for one account from anywhere, and from one address for any account


async def count_try(pool: Pool, account: str, address: str) -> list[UUID]:
    """Count a try before it is known to be wrong, so that a hundred at once are a hundred.

    Raises 429 `too-many-requests` when the pair of both, the account or the address has had its share.
    """
    now = clock.now()
    shares = {
        f"account:{account[:200]} address:{address}": (MINUTE, WRONG_TRIES_A_MINUTE),
        f"account:{account[:200]}": (HOUR, WRONG_TRIES_AN_HOUR),
        f"address:{address}": (HOUR, WRONG_TRIES_AN_HOUR),
    }
    tries = [new_id() for _ in shares]
    async with in_transaction(pool) as tx:
        # In one order everywhere, or two sign-ins could wait on each other.
        for (subject, (window, most)), try_id in zip(sorted(shares.items()), tries, strict=True):
            await sign_in_store.lock(tx, subject)
            counted = await sign_in_store.since(tx, subject, now - window)
            if counted and counted["tries"] >= most:
                raise _too_many(counted["first_at"] + window - now)
            await sign_in_store.add(tx, try_id, subject, now)
    return tries


def _too_many(wait: timedelta) -> Problem:
    return Problem(
        429,
        "too-many-requests",
        "Too many wrong tries; wait before the next one.",
        retry_after_seconds=max(1, math.ceil(wait.total_seconds())),
    )


async def forget_try(pool: Pool, tries: Sequence[UUID]) -> None:
    """Take back what was counted: the password was right."""
    async with in_transaction(pool) as tx:
        await sign_in_store.forget(tx, tries)
