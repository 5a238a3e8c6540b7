"""Users: bodies that add and change one, and how one is shown."""

from __future__ import annotations

from uuid import UUID

from typing_extensions import TypedDict

from gateway.access import Role
from gateway.schemas.answers import Id, answer
from gateway.schemas.fields import Change, Email, Name, Password, Row, Shape


@answer
class SignedIn(TypedDict):
    """A user, as they are told about themselves."""

    id: Id
    """The user's id."""
    email: str
    """What they sign in with."""
    name: str
    """What they are called."""
    role: Role
    """What they may do."""
    operator_id: Id
    """The operator whose subtree they reach."""


@answer
class UserShown(SignedIn):
    """A person who may sign in."""

    active: bool
    """Whether they still may."""


def user(row: Row) -> UserShown:
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
    """What they sign in with."""
    name: Name
    """What they are called."""
    password: Password
    """Their password: at least 12 characters, and none of the common ones."""
    role: Role
    """What they may do, at most what the caller may."""
    operator_id: UUID
    """The operator whose subtree they reach."""


class UserChange(Change):
    """Changes of a user."""

    name: Name | None = None
    """Another name."""
    role: Role | None = None
    """Another role."""
    operator_id: UUID | None = None
    """Another operator whose subtree they reach."""
    password: Password | None = None
    """Another password, which ends the user's sessions."""
    active: bool | None = None
    """Whether they may sign in; false ends the user's sessions."""
