"""Partner systems: the body that adds one, and how one is shown."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from gateway.schemas.fields import Body, Row, Shape


def partner(row: Row) -> Body:
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
    operator_id: UUID
