"""Republish: gateways, texts and messages are said again, as they are now."""

from __future__ import annotations

from services.notifications.handlers.answers import SERVICE
from services.notifications.store import queries
from shared.cloudevents import envelope_to_json
from shared.contracts.envelope import Received
from shared.contracts.invoicing import Republish
from shared.db import Tx


async def republish(received: Received[Republish], tx: Tx) -> None:
    """Open the work; its end is said once everything has left the outbox."""
    if received.data.service == SERVICE:
        await queries.start_republish(
            tx, command_id=received.id, envelope=envelope_to_json(received.envelope)
        )
