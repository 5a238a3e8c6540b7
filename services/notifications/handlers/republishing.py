"""Republish: gateways, texts and messages are said again, as they are now."""

from __future__ import annotations

from services.notifications import store
from services.notifications.handlers.answers import SERVICE
from shared.contracts.envelope import Received
from shared.contracts.invoicing import Republish
from shared.db import Tx


async def republish(received: Received[Republish], tx: Tx) -> None:
    """Open the work; its end is said once everything has left the outbox."""
    if received.data.service == SERVICE:
        await store.start_republish(tx, received.id, received.envelope)
