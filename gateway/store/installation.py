"""The processes of the installation as they said last, and what of them needs a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from gateway.store.rebuild import SHADOW
from gateway.store.statements import Row, many, named, one
from shared.db import Tx

# Four times as long as between two reports.
SILENT_AFTER = timedelta(seconds=60)


async def reports(tx: Tx) -> list[Row]:
    """Return what each process said last, the newest first."""
    return await many(named.process_reports(tx))


async def troubles(tx: Tx, now: datetime) -> int:
    """Return how much waits for whoever runs the installation."""
    return int(await named.installation_troubles(tx, since=now - SILENT_AFTER))


async def database(tx: Tx) -> Row | None:
    """Return the database's version, size and when it was started."""
    return await one(named.database_facts(tx))


async def letters(tx: Tx, *, after: UUID | None, limit: int) -> list[Row]:
    """Return what services could not handle and nobody has dealt with, the newest first."""
    return await many(named.open_letters(tx, after=after, limit=limit))


async def letter(tx: Tx, letter_id: UUID) -> Row | None:
    """Return one letter, open or closed."""
    return await one(named.letter_by_id(tx, id=letter_id))


async def letter_counts(tx: Tx, since: datetime) -> Row | None:
    """Return how many letters are open, and how many of them came since then."""
    return await one(named.letter_counts(tx, since=since))


async def rebuild_progress(tx: Tx) -> Row | None:
    """Return how far a rebuild of the view is, as the planner estimates; None while none is under way."""
    return await one(named.rebuild_progress(tx, shadow=SHADOW))
