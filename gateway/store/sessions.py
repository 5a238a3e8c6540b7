"""Sessions: only hashes of what opens doors are kept."""

from __future__ import annotations

import hashlib

from gateway.access import Principal
from gateway.store.statements import Row


def digest(token: str) -> bytes:
    """Return what is kept of a token; it is random, so one round is enough."""
    return hashlib.sha256(token.encode()).digest()


def principal(row: Row) -> Principal:
    """Return who the row of `by_session` or `by_token` is."""
    return Principal(
        user_id=row["id"],
        email=row["email"],
        name=row["name"],
        role=row["role"],
        operator_id=row["operator_id"],
        sees_all=row["is_root"],
        token_id=row["token_id"],
        csrf_token=row["csrf_token"],
    )
