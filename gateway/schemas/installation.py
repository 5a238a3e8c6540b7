"""The installation as whoever runs it sees it: processes, letters, partitions that stand still, a rebuild."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from gateway.schemas.answers import Id, Instant, answer
from gateway.schemas.fields import Row, moment
from shared.contracts.envelope import Count

ProcessState = Literal["ready", "starting", "behind", "standing", "silent", "unknown"]


@answer
class Process(TypedDict):
    """A process with all of its replicas."""

    name: str
    """What it is called."""
    state: ProcessState
    """`silent`: nothing was heard of it for a minute; `standing`: it has set a partition aside."""
    replicas: Count
    """How many have spoken within the last minute."""
    pids: list[int]
    """Their process ids, each on its own machine."""
    versions: list[str]
    """The releases that they are of; two while one follows the other."""
    leader: int | None
    """Which of them takes the outbox to Kafka."""
    since: Instant | None
    """When the oldest of them was started."""
    heard_at: Instant | None
    """When one of them spoke last."""
    lag_records: Count | None
    """How many records wait for it."""
    lag_seconds: float | None
    """How long the oldest of them has waited."""
    outbox_rows: Count | None
    """How many of its messages wait for Kafka."""
    outbox_seconds: float | None
    """How long the oldest of them has waited."""
    memory_bytes: Count
    """The memory of all of them."""


@answer
class StandingPartition(TypedDict):
    """A partition that a reader cannot read on, and has set aside."""

    id: Id
    """The id."""
    service: str
    """Who reads it."""
    topic: str
    """The topic."""
    partition: int
    """Its number."""
    offset: int
    """Where it stands."""
    next_offset: int | None
    """Where it would go on, where that is known."""
    handler: str
    """The subscription."""
    reason: str
    """Why it cannot be read."""
    first_seen: Instant
    """Since when."""


@answer
class DeadLetter(TypedDict):
    """A record that a service could not handle, by its place; never what it held."""

    id: Id
    """The id."""
    service: str
    """Who keeps it."""
    topic: str
    """The topic that it came from."""
    partition: int | None
    """Its partition; null in letters of an earlier release."""
    offset: int | None
    """Its offset there."""
    kind: str
    """The type that it named."""
    handler: str
    """The subscription that could not handle it."""
    reason: str
    """Why."""
    attempts: Count
    """How often that was tried."""
    first_seen: Instant
    """When it was parked."""
    state: Literal["open", "redriven", "discarded"]
    """Whether it still waits for a person."""


@answer
class Rebuild(TypedDict):
    """A rebuild of the bills view that is under way."""

    since: Instant
    """When it began."""
    done: Count
    """How many bills it has, about."""
    rows: Count
    """How many there are, about."""


@answer
class Database(TypedDict):
    """The database as it says."""

    version: str
    """Its release."""
    bytes: Count
    """Its size."""
    since: Instant
    """When it was started."""


@answer
class Installation(TypedDict):
    """Everything that whoever runs the installation looks at first."""

    as_of: Instant
    """When this was read."""
    needs_a_person: Count
    """Open letters, partitions that stand still, and processes that are silent."""
    processes: list[Process]
    """Each process, whether or not it was ever heard of."""
    lag_records: Count
    """Records that wait, of all of them."""
    lag_seconds: float
    """How long the oldest has waited."""
    outbox_rows: Count
    """Messages that wait for Kafka."""
    outbox_seconds: float
    """How long the oldest has waited."""
    letters: Count
    """Open letters."""
    letters_today: Count
    """Those of the last 24 hours."""
    partitions: list[StandingPartition]
    """Partitions that stand still."""
    database: Database
    """Postgres."""
    road_heard_at: Instant | None
    """When Kafka brought something last."""
    rebuild: Rebuild | None
    """A rebuild of the view, while there is one."""


def dead_letter(row: Row) -> DeadLetter:
    """A letter as the world sees it."""
    return {
        "id": str(row["id"]),
        "service": row["service"],
        "topic": row["topic"],
        "partition": row["partition"],
        "offset": row["offset"],
        "kind": row["kind"] or "",
        "handler": row["handler"],
        "reason": row["reason"],
        "attempts": row["attempts"],
        "first_seen": moment(row["first_seen"]),
        "state": row["state"],
    }


def standing(service: str, reported: Row) -> StandingPartition:
    """A partition as its reader reported it."""
    return {
        "id": reported["id"],
        "service": service,
        "topic": reported["topic"],
        "partition": reported["partition"],
        "offset": reported["offset"],
        "next_offset": reported["next_offset"],
        "handler": reported["handler"],
        "reason": reported["reason"],
        "first_seen": reported["first_seen"],
    }
