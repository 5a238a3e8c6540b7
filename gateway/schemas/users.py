"""Users: bodies that add and change one, and how one is shown."""

from __future__ import annotations

from uuid import UUID

from gateway.access import Role
from gateway.schemas.fields import Body, Change, Email, Name, Password, Row, Shape


def user(row: Row) -> Body:
    """A person who may sign in."""
    return {
        "id": str(row["id"]),
        "email": row["email"],
        "name": row["name"],
        "role": row["role"],
        "operator_id": str(row["operator_id"]),
        "active": row["active"],
    }


class User(Shape):
    """A new user."""

    email: Email
    name: Name
    password: Password
    role: Role
    operator_id: UUID


class UserChange(Change):
    """What may change about a user."""

    name: Name | None = None
    role: Role | None = None
    operator_id: UUID | None = None
    password: Password | None = None
    active: bool | None = None
