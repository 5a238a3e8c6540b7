"""Republish: every profile is said again, as it is now."""

from __future__ import annotations

from services.documents import store
from services.documents.handlers.answers import SERVICE
from shared import outbox
from shared.contracts.envelope import Received
from shared.contracts.invoicing import Republish
from shared.db import Tx
from shared.outbox import BULK, Said


async def republish(received: Received[Republish], tx: Tx) -> None:
    """Say all profiles; the end is said once they have left the outbox."""
    if received.data.service != SERVICE:
        return
    profiles = await store.newest_profiles(tx)
    await outbox.say(tx, [Said(profile) for profile in profiles], lane=BULK)
    await store.start_republish(tx, received.id, received.envelope)
