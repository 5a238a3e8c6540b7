"""A republish ends with one fact, said under its command's id once all that it says has left the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared import clock, outbox
from shared.cloudevents import envelope_from_json
from shared.contracts.envelope import CommandCompleted
from shared.db import Tx
from shared.outbox import Said

# What is said again waits for what has been: all of it at once would fill the disk and whoever reads it.
BYTES_AHEAD = 4_000_000


async def is_ahead(tx: Tx, service: str) -> bool:
    """Return whether the next piece waits: so much of the service's own is still to leave the outbox."""
    return await outbox.holds(tx, f"{service}.", outbox.BULK, BYTES_AHEAD)


@dataclass(frozen=True, slots=True)
class Republishes:
    """A service's republishes, ended by its own statements `is_outbox_sent` and `complete_republish`."""

    queries: Any

    async def end(self, tx: Tx, service: str, republish: Mapping[str, Any]) -> bool:
        """Return whether a republish has ended; until its last message has left, it has not."""
        if not await self.queries.is_outbox_sent(tx, last_outbox_id=republish["last_outbox_id"]):
            return False
        await say_end(tx, service, republish)
        await self.queries.complete_republish(tx, command_id=republish["command_id"], now=clock.now())
        return True


async def say_end(tx: Tx, service: str, republish: Mapping[str, Any]) -> None:
    """Say that a republish is complete."""
    done = CommandCompleted(service=service, subject=str(republish["command_id"]))
    await outbox.say(tx, [Said(done, because=envelope_from_json(republish["envelope"]))])
