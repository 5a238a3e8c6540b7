"""Operators: bodies that add and rename one, and how one is shown."""

from __future__ import annotations

from uuid import UUID

from gateway.schemas.fields import Body, Name, Row, Shape, text
from shared.contracts.catalog import OperatorCode


def operator(row: Row) -> Body:
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
    name: Name
    parent_id: UUID


class OperatorChange(Shape):
    """What may change about an operator."""

    name: Name
