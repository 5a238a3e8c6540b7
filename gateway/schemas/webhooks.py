"""Webhooks: the bodies that set an endpoint up, how it is shown, and what was told it."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from gateway.schemas.answers import Id, Instant, answer
from gateway.schemas.fields import Change, Row, Shape, moment
from gateway.schemas.filters import Paged

EventType = Literal["bill.issued", "bill.paid", "bill.voided", "payment.recorded", "payment.reversed"]
EVENT_TYPES: tuple[EventType, ...] = (
    "bill.issued", "bill.paid", "bill.voided", "payment.recorded", "payment.reversed",
)  # fmt: skip
TEST = "endpoint.test"
Url = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Description = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=200)]
EventTypes = Annotated[list[EventType], Field(min_length=1, max_length=len(EVENT_TYPES))]


@answer
class WebhookShown(TypedDict):
    """An endpoint, without its secret."""

    id: Id
    """The endpoint's id."""
    operator_id: Id
    """Whose events it hears: the operator's and those of everyone below."""
    url: str
    """Where events are sent."""
    description: str
    """What it is for."""
    types: list[EventType]
    """Of which events it hears."""
    enabled: bool
    """Whether it hears of anything."""
    disabled_reason: Literal["switched-off", "failing", "gone"] | None
    """Why it hears of nothing: somebody switched it off, it failed for days, or it answered 410."""
    failing_since: Instant | None
    """Since when it has taken nothing; null while it answers."""
    previous_secret_until: Instant | None
    """Until when the secret before this one signs too."""
    created_at: Instant
    """When it was made; nothing from before is sent."""


@answer
class WebhookWithSecret(WebhookShown):
    """An endpoint whose secret was made just now."""

    secret: str
    """What verifies its messages: `whsec_…`, shown this once."""


@answer
class WebhookMessage(TypedDict):
    """Something that an endpoint was or will be told."""

    id: Id
    """The `webhook-id` of every attempt."""
    type: str
    """What happened."""
    subject_id: Id
    """The bill or payment that it is about."""
    occurred_at: Instant
    """When it happened."""
    state: Literal["queued", "delivered", "failed"]
    """`failed`: given up, and sent once more only when somebody asks for it."""
    tries: int
    """How often it was sent."""
    next_at: Instant | None
    """When it is sent next."""
    status: int | None
    """The HTTP status of the last answer; null where there was none."""
    detail: str | None
    """What went wrong last."""


@answer
class WebhookAttempt(TypedDict):
    """One attempt."""

    number: int
    """The how manieth it was."""
    began_at: Instant
    """When it began."""
    ended_at: Instant | None
    """When it ended; null while it goes on, or where whoever made it was killed."""
    status: int | None
    """The HTTP status of the answer; null where there was none."""
    detail: str | None
    """What went wrong."""


@answer
class WebhookMessageShown(WebhookMessage):
    """A message with what it says and every attempt."""

    body: str | None
    """What is sent, byte by byte; null before the first attempt."""
    attempts: list[WebhookAttempt]
    """Every attempt, in their order."""


class Webhook(Shape):
    """A new endpoint."""

    url: Url
    """Where events are sent; `https`, and an address on the internet."""
    types: EventTypes
    """Of which events it hears."""
    description: Description = ""
    """What it is for."""
    operator_id: UUID | None = None
    """Whose events it hears, with everyone below; the caller's own where nobody is named."""


class WebhookChange(Change):
    """Changes of an endpoint."""

    url: Url | None = None
    """Another address."""
    types: EventTypes | None = None
    """Other events."""
    description: Description | None = None
    """Another description."""
    enabled: bool | None = None
    """Whether it hears of anything; what happens while it does not is not kept for it."""


class OfState(Paged):
    """Messages in one state."""

    state: Literal["queued", "delivered", "failed"] | None = None
    """Only those in this state."""


def webhook(row: Row) -> WebhookShown:
    """An endpoint as it is now."""
    return {
        "id": str(row["id"]),
        "operator_id": str(row["operator_id"]),
        "url": row["url"],
        "description": row["description"],
        "types": list(row["types"]),
        "enabled": row["enabled"],
        "disabled_reason": row["disabled_reason"],
        "failing_since": moment(row["failing_since"]),
        "previous_secret_until": moment(row["previous_until"]),
        "created_at": moment(row["created_at"]),
    }


def message(row: Row) -> WebhookMessage:
    """A message as it is now."""
    return {
        "id": str(row["id"]),
        "type": row["type"],
        "subject_id": str(row["subject_id"]),
        "occurred_at": moment(row["occurred_at"]),
        "state": row["state"],
        "tries": row["tries"],
        "next_at": moment(row["not_before"]) if row["state"] == "queued" else None,
        "status": row["status"],
        "detail": row["detail"],
    }


def attempt(row: Row) -> WebhookAttempt:
    """An attempt as it ended."""
    return {
        "number": row["number"],
        "began_at": moment(row["began_at"]),
        "ended_at": moment(row["ended_at"]),
        "status": row["status"],
        "detail": row["detail"],
    }
