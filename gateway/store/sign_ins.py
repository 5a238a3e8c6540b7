"""Tries at passwords and codes, counted by what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from gateway.store.statements import Row, named, one
from shared.db import Tx


async def lock(tx: Tx, subject: str) -> None:
    """Let tries about the same subject happen one after another until the transaction ends."""
    await named.lock_sign_ins(tx, subject=subject)


async def since(tx: Tx, subject: str, begin: datetime) -> Row | None:
    """Return how many `tries` there were since a time, and when the first of them was (`first_at`)."""
    return await one(named.sign_ins_since(tx, subject=subject, since=begin))


async def add(tx: Tx, try_id: UUID, subject: str, now: datetime) -> None:
    """Count a try."""
    await named.add_sign_in(tx, id=try_id, subject=subject, now=now)


async def forget(tx: Tx, try_ids: Sequence[UUID]) -> None:
    """Take tries back."""
    await named.forget_sign_ins(tx, ids=list(try_ids))
