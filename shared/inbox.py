"""The inbox: which messages a consumer has seen, for effects that would add up when done twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from shared import clock
from shared.contracts.envelope import Message, Received
from shared.db import Tx, statements

M = TypeVar("M", bound=Message)

_queries = statements(__file__)


async def recognise(tx: Tx, received: Sequence[Received[M]], consumer: str) -> list[Received[M]]:
    """Mark the messages as seen; answers those that never were, each once, in their order."""
    rows = _queries.recognise(tx, consumer=consumer, ids=[each.id for each in received], now=clock.now())
    fresh = {row["message_id"] async for row in rows}
    answer: list[Received[M]] = []
    for each in received:
        if each.id in fresh:
            fresh.discard(each.id)
            answer.append(each)
    return answer
