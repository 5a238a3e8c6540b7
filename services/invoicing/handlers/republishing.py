"""Republish: everything is said again, by a worker, piece by piece."""

from __future__ import annotations

from services.invoicing.handlers.answers import SERVICE
from services.invoicing.store import republishes
from shared.contracts.envelope import Received
from shared.contracts.invoicing import Republish
from shared.db import Tx

SUBJECTS = ("settings", "operators", "packages", "customers", "erased", "invoices", "runs")


async def republish(received: Received[Republish], tx: Tx) -> None:
    """Open the work; its end is said once everything has left the outbox."""
    wanted = received.data
    if wanted.service == SERVICE:
        subjects = [each for each in SUBJECTS if not wanted.subjects or each in wanted.subjects]
        await republishes.start(tx, received.id, received.envelope, subjects)
