"""Payment links: the body that makes one, and how a link and its message are shown."""

from __future__ import annotations

from typing import Literal

from gateway.schemas.fields import Body, Note, Row, Shape, moment
from gateway.schemas.portal_links import Portals
from shared.contracts.notifications import Language


def link(row: Row, portals: Portals) -> Body:
    """A link to pay by, with its address."""
    return {
        "url": portals.links.url(row["id"]),
        "state": row["state"],
        "expires_at": moment(row["expires_at"]),
        "opened_at": moment(row["opened_at"]),
    }


def made(row: Row, portals: Portals) -> Body:
    """A link by itself, as whoever made it is told."""
    return {"id": str(row["id"]), "bill_id": str(row["bill_id"]), **link(row, portals)}


def message(row: Row) -> Body:
    """What became of a message; `code` and `detail` are the provider's own, where it failed."""
    return {"state": row["state"], "at": moment(row["at"]), "code": row["code"], "detail": row["detail"]}


class PaymentLink(Shape):
    """Whether the link goes out by SMS, and in which language."""

    send_sms: bool = True
    language: Language = "en"


class PortalMessage(Shape):
    """In which language a customer is sent the address of their page."""

    language: Language = "en"


class MessageOutcome(Shape):
    """What became of a message, as a person found out."""

    outcome: Literal["sent", "failed"]
    note: Note = ""
