"""Dead letters: records that could not be handled, kept whole beside the state they would have changed."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from shared import clock, outbox
from shared.contracts.envelope import DeadLetterChanged
from shared.db import Pool, Tx, in_transaction, statements
from shared.ids import new_id
from shared.outbox import Said
from shared.redaction import redact

_queries = statements(__file__)

LETTERS_A_STEP = 200

Step: TypeAlias = Callable[[Pool], Awaitable[bool]]
Say: TypeAlias = Callable[[Tx, Sequence[DeadLetterChanged]], Awaitable[None]]
Headers = Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A parked record: where it came from, what it held and why it was parked."""

    id: UUID
    topic: str
    partition: int
    offset: int
    handler: str
    reason: str
    attempts: int
    first_seen: datetime
    key: bytes | None = None
    value: bytes | None = None
    headers: Headers = ()
    closed_at: datetime | None = None
    outcome: str | None = None
    recorded_at_ms: int = -1

    @property
    def timestamp(self) -> int | None:
        """The record's time, as whoever reads the letter as a record asks for it."""
        return None if self.recorded_at_ms < 0 else self.recorded_at_ms

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing that could be handled or sent again, as where Kafka deleted it unread."""
        return self.key is None and self.value is None and not self.headers


async def park(tx: Tx, record: Any, handler: str, reason: str) -> None:
    """Keep a Kafka record with the reason; the same record and handler again only counts an attempt.

    The record's time tells it from another one at its place, on a topic that was made anew.
    """
    await _queries.park(
        tx,
        id=new_id(),
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        recorded_at_ms=-1 if record.timestamp is None else record.timestamp,
        handler=handler,
        reason=plain(reason),
        key=record.key,
        value=record.value,
        headers=[[_kept(name.encode(errors="surrogateescape")), _kept(raw)] for name, raw in record.headers],
        now=clock.now(),
    )


def plain(reason: str) -> str:
    """A reason as Postgres takes it, whatever the record said: no NUL, no lone surrogate."""
    return reason.encode(errors="backslashreplace").decode().replace("\x00", "\ufffd")[:2_000]


def _kept(raw: bytes | None) -> dict[str, str] | None:
    # Names too are kept as bytes: jsonb takes no NUL.
    return None if raw is None else {"base64": base64.b64encode(raw).decode()}


def _name(kept: Any) -> str:
    """A header's name; letters from before kept it as text."""
    return kept if isinstance(kept, str) else (_bytes(kept) or b"").decode(errors="surrogateescape")


def _bytes(kept: Any) -> bytes | None:
    if kept is None:
        return None
    return base64.b64decode(kept if isinstance(kept, str) else kept["base64"])


async def list_open(tx: Tx) -> list[DeadLetter]:
    """The letters that wait for a person, oldest first, without their bytes."""
    return [DeadLetter(**dict(row)) async for row in _queries.open_letters(tx)]


async def read(tx: Tx, letter_id: UUID) -> DeadLetter | None:
    """One letter, whole."""
    row = await _queries.letter(tx, id=letter_id)
    if row is None:
        return None
    fields = dict(row)
    fields["headers"] = [(_name(name), _bytes(value)) for name, value in fields["headers"]]
    return DeadLetter(**fields)


async def _say(tx: Tx, changed: Sequence[DeadLetterChanged]) -> None:
    await outbox.say(tx, [Said(each) for each in changed], lane=outbox.BULK)


def announce(service: str, say: Say = _say) -> Step:
    """A step that says what was parked or closed since, of a service."""

    async def step(pool: Pool) -> bool:
        async with in_transaction(pool) as tx:
            rows = [row async for row in _queries.letters_to_say(tx, most=LETTERS_A_STEP)]
            if rows:
                await say(tx, [_changed(service, row) for row in rows])
        return len(rows) == LETTERS_A_STEP

    return step


def _changed(service: str, row: Any) -> DeadLetterChanged:
    return DeadLetterChanged(
        letter_id=row["id"],
        service=service,
        subject=row["topic"],
        handler=row["handler"],
        reason=redact(row["reason"])[:500],
        attempts=row["attempts"],
        first_seen=row["first_seen"],
        state=row["outcome"] or "open",
        version=row["said"],
        partition=row["partition"],
        offset=row["offset"],
        kind=_type_of(row["headers"]),
    )


def _type_of(headers: Any) -> str:
    """Return the type that a letter's headers name, as far as it can be read."""
    for name, value in headers:
        if _name(name) == "ce_type":
            return plain((_bytes(value) or b"").decode(errors="backslashreplace"))[:200]
    return ""


async def note_try(tx: Tx, letter_id: UUID, reason: str) -> None:
    """Count a try that failed again, with the reason of now."""
    await _queries.note_try(tx, id=letter_id, reason=plain(reason))


async def close(tx: Tx, letter_id: UUID, outcome: str) -> bool:
    """Close an open letter as `redriven` or `discarded`; False when it was closed before."""
    return bool(await _queries.close_letter(tx, id=letter_id, outcome=outcome, now=clock.now()))
