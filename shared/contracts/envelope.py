"""The envelope of every message: CloudEvents 1.0 in Kafka binary mode, and what all contracts share.

Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

BIGINT_MAX = 2**63 - 1
MONEY_MAX = 2**53 - 1

Minor = Annotated[int, Field(ge=0, le=MONEY_MAX)]
PositiveMinor = Annotated[int, Field(ge=1, le=MONEY_MAX)]
Version = Annotated[int, Field(ge=1, le=BIGINT_MAX)]
Count = Annotated[int, Field(ge=0, le=BIGINT_MAX)]
BasisPoints = Annotated[int, Field(ge=0, le=10_000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
PERIOD = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
Period = Annotated[str, StringConstraints(pattern=PERIOD)]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=2_000)]
ShortText = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=200)]
# Of `shared.sealing`: only the service whose key it was made with can open it.
Sealed = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+=*$", max_length=8_000)]


class Shape(BaseModel):
    """A frozen, strictly typed part of a message; unknown fields are ignored so that contracts can grow."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Message(Shape):
    """A message that knows its type, its topic and the key that orders it."""

    type: ClassVar[str]
    topic: ClassVar[str]

    def destination(self) -> str:
        """The topic this very message goes to; only receipts and refusals differ from `topic`."""
        return self.topic

    def key(self) -> str:
        """Return what orders the message among others: the customer's id wherever one is concerned."""
        raise NotImplementedError


class Actor(Shape):
    """The asker: a person, an API token, a partner or the system itself."""

    kind: Literal["user", "token", "partner", "provider", "system"]
    id: UUID | None = None
    name: ShortText
    email: ShortText | None = None
    user_id: UUID | None = None

    @property
    def signed_as(self) -> str:
        """Return who this is for good, as books keep it: a name its owner may change is no signature."""
        if self.kind in ("partner", "provider"):
            return f"{self.kind}:{self.name}"
        return self.email or self.name


class Command(Message):
    """An imperative: names its actor and the operator at the root of what the actor may reach."""

    actor: Actor
    scope: UUID | None = None  # None: the system, or the root of the tree


class CommandRefused(Message):
    """A command ended without an effect; `code` is stable, `detail` is for people."""

    type: ClassVar[str] = "command.refused.v1"
    topic: ClassVar[str] = "outcomes"

    service: str
    code: ShortText
    detail: Text
    field: Text | None = None
    subject: Text = ""
    extra: dict[str, Any] = Field(default_factory=dict)

    def destination(self) -> str:
        return f"{self.service}.outcomes"

    def key(self) -> str:
        return self.subject or self.code


class CommandCompleted(Message):
    """A command ended without changing any row that has an event of its own (a republish, a setting)."""

    type: ClassVar[str] = "command.completed.v1"
    topic: ClassVar[str] = "outcomes"

    service: str
    subject: Text = ""
    extra: dict[str, Any] = Field(default_factory=dict)

    def destination(self) -> str:
        return f"{self.service}.outcomes"

    def key(self) -> str:
        return self.subject or self.service


class DeadLetterChanged(Message):
    """A record that a service could not handle waits for a person, or no longer does; never what it held."""

    type: ClassVar[str] = "dead-letter.changed.v1"
    topic: ClassVar[str] = "outcomes"

    letter_id: UUID
    service: ShortText
    subject: ShortText  # the topic that it came from
    handler: ShortText
    reason: Text
    attempts: Count
    first_seen: datetime
    state: Literal["open", "redriven", "discarded"]
    version: Version
    partition: int | None = None
    offset: int | None = None
    kind: Text = ""  # the type that its headers named

    def destination(self) -> str:
        return f"{self.service}.outcomes"

    def key(self) -> str:
        return str(self.letter_id)


class ConsumerLag(Shape):
    """How far one subscription is behind, and how old the oldest record is that waits."""

    subscription: ShortText
    records: Count
    seconds: float


class StandingPartition(Shape):
    """A partition that one reader has set aside, since when and why."""

    id: UUID
    topic: ShortText
    partition: int
    handler: ShortText
    offset: int
    next_offset: int | None = None
    reason: Text
    first_seen: datetime


class ProcessReported(Message):
    """A process says that it is alive, and how it fares; who hears nothing for a minute asks why."""

    type: ClassVar[str] = "process.reported.v1"
    topic: ClassVar[str] = "processes"

    service: ShortText  # whose topic it goes to
    process: ShortText
    instance: UUID  # this very process: another one for each start
    pid: int
    host: Text
    version: ShortText
    started_at: datetime
    at: datetime
    ready: bool
    memory_bytes: Count
    leading: bool  # whether it takes the outbox to Kafka
    is_bulk: bool = False  # whether it is the bulk lane of its service, a process beside it
    outbox_rows: Count | None = None
    outbox_seconds: float | None = None
    lags: tuple[ConsumerLag, ...] = ()
    set_aside: tuple[StandingPartition, ...] = ()

    def destination(self) -> str:
        return f"{self.service}.processes"

    def key(self) -> str:
        return str(self.instance)


Handling = Literal["invoicing", "payments", "notifications", "documents", "gateway"]


class OfHandling(Command):
    """A command to whichever service keeps what could not be handled."""

    topic: ClassVar[str] = "commands"

    service: Handling

    def destination(self) -> str:
        return f"{self.service}.commands"


class SettleDeadLetter(OfHandling):
    """Handle a parked record once more where it lies, or let it go for good."""

    type: ClassVar[str] = "dead-letter.settle.v1"

    letter_id: UUID
    action: Literal["redrive", "discard"]

    def key(self) -> str:
        return str(self.letter_id)


class StepOverPartition(OfHandling):
    """Go on behind what cannot be read of a partition that is set aside; what lies there is passed over."""

    type: ClassVar[str] = "partition.step-over.v1"

    subject: ShortText  # the topic
    partition: int
    offset: int  # where it stood for who decided: what cannot be read further on is another decision

    def key(self) -> str:
        return f"{self.subject}/{self.partition}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The CloudEvents attributes of one message."""

    id: UUID
    type: str
    source: str
    time: datetime
    causation_id: UUID | None = None
    traceparent: str | None = None
    lane: int = 0


MessageT = TypeVar("MessageT", bound=Message, covariant=True)


@dataclass(frozen=True, slots=True)
class Received(Generic[MessageT]):
    """A message as it arrived: what it says, its envelope and the place it came from."""

    data: MessageT
    envelope: Envelope
    topic: str
    partition: int
    offset: int

    @property
    def id(self) -> UUID:
        return self.envelope.id
