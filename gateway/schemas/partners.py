"""Partner systems: the bodies that add and change one, and how one is shown."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from typing_extensions import TypedDict

from gateway.schemas.answers import Id, Instant, answer
from gateway.schemas.fields import Change, Row, Shape, moment
from shared.contracts.access import PARTNER_QUOTAS


@answer
class PartnerLimits(TypedDict):
    """What a partner may do on Kafka."""

    bytes_per_second: int
    """Bytes a second that it may write, and as many that it may read."""
    request_percentage: int
    """The share of one thread of the broker that its requests may take."""


@answer
class PartnerShown(TypedDict):
    """A partner system."""

    id: Id
    """The partner's id."""
    name: str
    """Its name, as it stands in the names of its topics."""
    operator_id: Id
    """The operator whose subtree it reaches."""
    active: bool
    """Whether its payments are taken; a partner that was removed is kept for the payments it made."""
    paused: bool
    """Whether what it sends is held until it is resumed."""
    key_changed_at: Instant | None
    """When its user on Kafka was given its password; null while it has no user."""
    limits: PartnerLimits
    """What it may do on Kafka; the broker slows it down beyond that, and nothing is lost."""


def partner(row: Row) -> PartnerShown:
    """A partner system."""
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "operator_id": str(row["operator_id"]),
        "active": row["active"],
        "paused": row["paused"],
        "key_changed_at": moment(row["key_changed_at"]),
        "limits": {
            "bytes_per_second": row["bytes_per_second"] or int(PARTNER_QUOTAS["producer_byte_rate"]),
            "request_percentage": int(PARTNER_QUOTAS["request_percentage"]),
        },
    }


class Partner(Shape):
    """A new partner system."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    """Its name, as it stands in the names of its topics."""
    operator_id: UUID
    """The operator whose subtree it reaches."""


class PartnerChange(Change):
    """Changes of a partner system."""

    operator_id: UUID | None = None
    """Another operator whose subtree it reaches; what it sent before stays with the one before."""
    paused: bool | None = None
    """Whether what it sends is held until it is resumed."""
