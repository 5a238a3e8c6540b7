"""Payment links: the body that makes one, and how a link and its message are shown."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from gateway.schemas.answers import Id, Instant, answer
from gateway.schemas.fields import Note, Row, Shape, moment
from gateway.schemas.portal_links import Portals
from shared.contracts.notifications import Language


@answer
class Link(TypedDict):
    """A link to pay by."""

    url: str
    """Where the customer pays."""
    state: Literal["active", "paid", "revoked", "expired"]
    """Whether it can still be paid at."""
    expires_at: Instant
    """When it ends."""
    opened_at: Instant | None
    """When it was opened first."""


@answer
class PaymentLinkShown(Link):
    """A link by itself, as whoever made it is told."""

    id: Id
    """The link's id."""
    bill_id: Id
    """The bill that it pays."""


@answer
class Message(TypedDict):
    """The last message about a bill."""

    id: Id
    """The message's id."""
    state: str
    """How far its delivery is."""
    at: Instant
    """Since when."""
    code: str | None
    """The provider's code, where it failed."""
    detail: str | None
    """The provider's words, where it failed."""


def link(row: Row, portals: Portals) -> Link:
    """Return a link to pay by, with its address."""
    return {
        "url": portals.links.url(row["id"]),
        "state": row["state"],
        "expires_at": moment(row["expires_at"]),
        "opened_at": moment(row["opened_at"]),
    }


def made(row: Row, portals: Portals) -> PaymentLinkShown:
    """Return a link by itself, as whoever made it is told."""
    return {"id": str(row["id"]), "bill_id": str(row["bill_id"]), **link(row, portals)}


def message(row: Row) -> Message:
    """Return what became of a message; `code` and `detail` are the provider's own, where it failed."""
    return {
        "id": str(row["id"]),
        "state": row["state"],
        "at": moment(row["at"]),
        "code": row["code"],
        "detail": row["detail"],
    }


class PaymentLink(Shape):
    """Whether the link goes out by SMS, and in which language."""

    send_sms: bool = True
    """Whether the link goes out by SMS."""
    language: Language = "en"
    """The language of the message."""


class PortalMessage(Shape):
    """In which language a customer is sent the address of their page."""

    language: Language = "en"
    """The language of the message."""


class MessageOutcome(Shape):
    """The end of a message, as a person found out."""

    outcome: Literal["sent", "failed"]
    """What became of it."""
    note: Note = ""
    """How that is known."""
