"""Partner systems: the body that adds one, and how one is shown."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from typing_extensions import TypedDict

from gateway.schemas.answers import Id, answer
from gateway.schemas.fields import Row, Shape


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
    """Whether its payments are taken."""


def partner(row: Row) -> PartnerShown:
    """A partner system."""
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "operator_id": str(row["operator_id"]),
        "active": row["active"],
    }


class Partner(Shape):
    """A new partner system."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    """Its name, as it stands in the names of its topics."""
    operator_id: UUID
    """The operator whose subtree it reaches."""
