"""Audits that were asked for at the desk: one at a time, and what the newest came to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gateway.store.statements import Row, named, one
from shared.db import Tx

# So long an audit waits for a process that looks, and so long one is believed that has said nothing.
TAKEN_UP_WITHIN_SECONDS = 60
HEARD_WITHIN_SECONDS = 60


async def ask(tx: Tx, audit_id: UUID, asked_by: str, now: datetime) -> None:
    """Keep the wish for an audit; while one is under way, that one stands."""
    await named.ask_for_audit(tx, id=audit_id, asked_by=asked_by, now=now, seconds=TAKEN_UP_WITHIN_SECONDS)


async def end_abandoned(tx: Tx, now: datetime) -> None:
    """End an audit of which nothing was heard for longer than its lease."""
    await named.end_abandoned_audits(tx, now=now)


async def newest(tx: Tx) -> Row | None:
    """Return the audit that was asked for last, as it stands."""
    return await one(named.newest_audit(tx))


async def auditor_was_heard(tx: Tx) -> bool:
    """Whether a process that can audit has spoken lately."""
    return bool(await named.auditor_was_heard(tx, seconds=HEARD_WITHIN_SECONDS))
