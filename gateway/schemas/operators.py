"""Operators: bodies that add and rename one, and how one is shown."""

from __future__ import annotations

from uuid import UUID

from typing_extensions import TypedDict

from gateway.schemas.answers import Id, answer
from gateway.schemas.fields import Name, Row, Shape, text
from shared.contracts.catalog import OperatorCode


@answer
class OperatorShown(TypedDict):
    """An operator as it is now."""

    id: Id
    """The operator's id."""
    code: str
    """Its code, unique in the installation; its invoices are numbered with it."""
    name: str
    """Its name."""
    parent_id: Id | None
    """The operator above it; null for the ISP itself."""
    version: int
    """Grows with each change."""


def operator(row: Row) -> OperatorShown:
    """An operator as it is now."""
    return {
        "id": str(row["id"]),
        "code": row["code"],
        "name": row["name"],
        "parent_id": text(row["parent_id"]),
        "version": row["version"],
    }


class Operator(Shape):
    """A new operator."""

    code: OperatorCode
    """Its code, unique in the installation; its invoices are numbered with it."""
    name: Name
    """Its name."""
    parent_id: UUID
    """The operator above it."""


class OperatorChange(Shape):
    """Changes of an operator."""

    name: Name
    """Another name."""
