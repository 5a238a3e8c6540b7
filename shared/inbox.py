"""The inbox: which messages a consumer has seen, for effects that would add up when done twice.

A command that comes again changes nothing and is answered again: whoever sends it has not heard its end.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from shared import clock
from shared.contracts.envelope import Message, Received
from shared.db import Tx, statements

M = TypeVar("M", bound=Message)

_queries = statements(__file__)


async def note(tx: Tx, ids: Collection[UUID], consumer: str, now: datetime) -> set[UUID]:
    """Count messages as seen from now on, and return those that never were."""
    rows = _queries.recognise(tx, consumer=consumer, ids=list(ids), now=now)
    return {row["message_id"] async for row in rows}


async def recognise(tx: Tx, received: Sequence[Received[M]], consumer: str) -> list[Received[M]]:
    """Return the messages that were never seen, each once, in their order.

    Known commands that have ended are answered as they were; those under way are answered when they end.
    """
    now = clock.now()
    fresh = await note(tx, [each.id for each in received], consumer, now)
    # A statement of its own: the first one may have waited for the transaction that ended the command.
    if known := {each.id for each in received} - fresh:
        await _queries.answer_again(tx, command_ids=list(known), now=now)
    answer: list[Received[M]] = []
    for each in received:
        if each.id in fresh:
            fresh.discard(each.id)
            answer.append(each)
    return answer
