"""API tokens: the body that makes one, and how one is shown, without what opens doors."""

from __future__ import annotations

from uuid import UUID

from gateway.schemas.fields import Body, Moment, Name, Row, Shape, moment


def token(row: Row) -> Body:
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
    user_id: UUID | None = None
    expires_at: Moment | None = None
