"""Partitions set aside: what cannot be fetched or decoded on from an offset, and whether to step over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from aiokafka import TopicPartition

from shared import clock, deadletters
from shared.db import Tx, statements
from shared.deadletters import DeadLetter, plain
from shared.ids import new_id

_queries = statements(__file__)

# For so long a step is remembered by replicas that meet the same place again.
STEP_REMEMBERED = timedelta(days=1)


class NoSuchPartition(LookupError):
    """No partition of that topic and number is set aside."""


class StandsElsewhere(LookupError):
    """The partition stands at another offset than the one that was named."""


class StepBack(ValueError):
    """A step leads past the place that cannot be read, never back."""


@dataclass(frozen=True, slots=True)
class PartitionSetAside:
    """A partition that stands still for one reader, since when and why; `skip_to` is what a person chose."""

    id: UUID
    topic: str
    partition: int
    handler: str
    offset: int
    next_offset: int | None
    reason: str
    attempts: int
    first_seen: datetime
    skip_to: int | None

    @property
    def place(self) -> TopicPartition:
        return TopicPartition(self.topic, self.partition)


async def hold(
    tx: Tx, place: TopicPartition, handler: str, offset: int, next_offset: int | None, reason: str
) -> PartitionSetAside:
    """Write a partition down as set aside; the row may tell of a step that was chosen already."""
    row = await _queries.hold(
        tx,
        id=new_id(),
        topic=place.topic,
        partition=place.partition,
        handler=handler,
        offset=offset,
        next_offset=next_offset,
        reason=plain(reason),
        now=clock.now(),
    )
    return PartitionSetAside(**dict(row))


async def list_open(tx: Tx) -> list[PartitionSetAside]:
    """Return the partitions that stand still now, oldest first."""
    return [PartitionSetAside(**dict(row)) async for row in _queries.open_partitions(tx)]


async def step_over(
    tx: Tx, place: TopicPartition, skip_to: int | None = None, *, standing_at: int | None = None
) -> int:
    """Have every replica go on behind the unreadable batch, or at `skip_to`; answers the offset.

    With `standing_at` only where it stands there. Raises `NoSuchPartition`, `StandsElsewhere` and `StepBack`.
    """
    held = [each for each in await list_open(tx) if each.place == place]
    if not held:
        raise NoSuchPartition(f"{place.topic} {place.partition}")
    if standing_at is not None and any(each.offset != standing_at for each in held):
        raise StandsElsewhere(f"{place.topic} {place.partition}")
    target = max(each.next_offset or each.offset + 1 for each in held) if skip_to is None else skip_to
    if target <= max(each.offset for each in held):
        raise StepBack(f"{target} is not behind {max(each.offset for each in held)}")
    await _queries.step_over(tx, topic=place.topic, partition=place.partition, skip_to=target)
    return target


async def skipped_before(tx: Tx, place: TopicPartition, handler: str, offset: int) -> int | None:
    """Return the offset that a person had this very place stepped over to, within the last day."""
    offset_after: int | None = await _queries.skipped_before(
        tx,
        topic=place.topic,
        partition=place.partition,
        handler=handler,
        offset=offset,
        since=clock.now() - STEP_REMEMBERED,
    )
    return offset_after


async def close_unread(tx: Tx, held: PartitionSetAside, start: int) -> str:
    """Close a partition that begins at `start` now, behind where it stood; the letter's reason.

    What Kafka deleted before anybody could read it waits for a person as a dead letter that holds nothing.
    """
    first = max(held.offset, held.skip_to or 0)
    reason = (
        f"offsets {first} to {start - 1} were deleted by Kafka before they were read; "
        f"the partition stood since {held.first_seen:%Y-%m-%d %H:%M:%SZ}: {held.reason}"
    )
    letter = DeadLetter(
        id=held.id, topic=held.topic, partition=held.partition, offset=held.offset, handler=held.handler,
        reason=reason, attempts=1, first_seen=held.first_seen,
        recorded_at_ms=int(held.first_seen.timestamp() * 1_000),
    )  # fmt: skip
    await deadletters.park(tx, letter, held.handler, reason)
    await close(tx, held.place, held.handler)
    return reason


async def close(tx: Tx, place: TopicPartition, handler: str) -> None:
    """The partition flows again."""
    await _queries.close_partition(
        tx, topic=place.topic, partition=place.partition, handler=handler, now=clock.now()
    )
