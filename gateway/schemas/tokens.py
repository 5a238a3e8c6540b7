"""API tokens: the body that makes one, and how one is shown, without what opens doors."""

from __future__ import annotations

from uuid import UUID

from typing_extensions import TypedDict

from gateway.schemas.answers import Id, Instant, answer
from gateway.schemas.fields import Moment, Name, Row, Shape, moment


@answer
class TokenShown(TypedDict):
    """An API token, without what opens doors."""

    id: Id
    """The token's id."""
    user_id: Id
    """Whose token it is."""
    email: str
    """The e-mail address of whose token it is."""
    name: str
    """What it is for."""
    created_at: Instant
    """When it was made."""
    expires_at: Instant | None
    """When it ends by itself; null for never."""
    revoked_at: Instant | None
    """When it was revoked."""
    last_used_at: Instant | None
    """When it was last used, to the minute."""
    last_used_from: str | None
    """The address that it was last used from."""


@answer
class NewToken(TokenShown):
    """A new API token, told this once."""

    token: str
    """What goes behind `Authorization: Bearer`."""


def token(row: Row) -> TokenShown:
    """An API token, without what opens doors."""
    return {
        "id": str(row["id"]),
        "user_id": str(row["user_id"]),
        "email": row["email"],
        "name": row["name"],
        "created_at": moment(row["created_at"]),
        "expires_at": moment(row["expires_at"]),
        "revoked_at": moment(row["revoked_at"]),
        "last_used_at": moment(row["last_used_at"]),
        "last_used_from": row["last_used_from"],
    }


class Token(Shape):
    """A new API token, for oneself; `user_id` may say so."""

    name: Name
    """What it is for."""
    user_id: UUID | None = None
    """Whose token it is: the caller, who may be named."""
    expires_at: Moment | None = None
    """When it ends by itself; never where nothing is said."""
