"""The messages of a transaction: rows of the outbox, committed with the state they speak of.

The relay takes them to Kafka; nothing else in the house speaks to it. Two lanes: a clerk's payment
(interactive) never waits behind a million invoices (bulk). An answer travels in the lane of its cause.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from shared import clock
from shared.contracts.envelope import Envelope, Message
from shared.db import Tx, statements
from shared.ids import new_id
from shared.telemetry import current_traceparent
from shared.tracing import onward

INTERACTIVE = 0
BULK = 1
LARGEST_MESSAGE_BYTES = 900_000

_queries = statements(__file__)


class MessageTooLarge(ValueError):
    """A message would not fit into a Kafka record; say it in parts."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message, what caused it, and the id it goes by (a new one unless given)."""

    message: Message
    because: Envelope | None = None
    id: UUID | None = None


async def say(tx: Tx, said: Iterable[Said], lane: int | None = None) -> None:
    """Put messages into the outbox, in order; `lane` defaults to the cause's."""
    rows = [_row(each, lane) for each in said]
    if rows:
        await _queries.say(tx, **dict(zip(_COLUMNS, zip(*rows, strict=True), strict=True)), now=clock.now())


async def holds(tx: Tx, topics: str, lane: int, at_least_bytes: int) -> bool:
    """Return whether so much of topics waits in a lane: who says thousands may let it go out first.

    `topics` is how their names begin; ten thousand messages are enough, however short.
    """
    return bool(await _queries.holds_bytes(tx, topics=topics, lane=lane, bytes=at_least_bytes))


_COLUMNS = ("lanes", "topics", "keys", "ids", "types", "payloads", "causes", "traceparents")


def _row(said: Said, lane: int | None) -> tuple[int, str, str, UUID, str, str, UUID | None, str | None]:
    message, because = said.message, said.because
    payload = message.model_dump_json()
    if len(payload.encode()) > LARGEST_MESSAGE_BYTES:
        raise MessageTooLarge(f"{message.type} of {len(payload):,} characters")
    return (
        lane if lane is not None else because.lane if because else INTERACTIVE,
        message.destination(),
        message.key(),
        said.id or new_id(),
        message.type,
        payload,
        because.id if because else None,
        onward(because.traceparent if because else None) or current_traceparent(),
    )
