"""A republish ends with one fact, said under its command's id once all that it says has left the outbox."""

from __future__ import annotations

from typing import Any

from shared import clock, outbox
from shared.cloudevents import envelope_from_json
from shared.contracts.envelope import CommandCompleted
from shared.db import Tx
from shared.outbox import Said


async def say_end(tx: Tx, service: str, job: Any) -> None:
    """Say that a republish is complete."""
    done = CommandCompleted(service=service, subject=str(job["command_id"]))
    await outbox.say(tx, [Said(done, because=envelope_from_json(job["envelope"]))])


async def end(tx: Tx, queries: Any, service: str, job: Any) -> bool:
    """Return whether a republish has ended; until its last message has left, it has not."""
    if not await queries.is_outbox_sent(tx, last_outbox_id=job["last_outbox_id"]):
        return False
    await say_end(tx, service, job)
    await queries.complete_republish(tx, command_id=job["command_id"], now=clock.now())
    return True
